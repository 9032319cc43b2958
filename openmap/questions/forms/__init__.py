"""The form of a morning's questions, and the form that makes a question."""

from openmap.questions.forms.answering import AnswerForm, answer_form
from openmap.questions.forms.asking import QuestionEditForm

__all__ = ["AnswerForm", "QuestionEditForm", "answer_form"]
