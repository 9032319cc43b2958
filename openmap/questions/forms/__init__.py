"""The form of a morning's questions, and the form that makes a question."""

from openmap.questions.forms.answering import AnswerForm, Needed, answer_form, unanswered
from openmap.questions.forms.asking import QuestionEditForm

__all__ = ["AnswerForm", "Needed", "QuestionEditForm", "answer_form", "unanswered"]
