"""Who may open and press what: every route times every role, in one table; a route missing here fails.

Amina is a structure, Dsi a desk, Bruno another structure, Achats another desk; all of the same morning. Olga organises,
Emma takes part in another morning. Someone else's page and an absent one look alike: 404. A visitor is sent to sign in.
"""

import os
from collections.abc import Mapping
from datetime import timedelta

import pytest
from flask import Flask

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.files import CheckedFile
from openmap.events.enums import ProgrammeKind
from openmap.pitches.enums import ApplicationState
from openmap.pitches.queries import application_of, call_of
from openmap.profiles.operations import add_document, save_desk, set_logo
from openmap.programme.details import LineDetails
from openmap.programme.enums import AppearanceRole
from openmap.programme.operations import Part, add_appearance, add_item
from openmap.questions.enums import QuestionKind
from openmap.registrations.enums import ConsentPurpose
from openmap.registrations.models import Registration
from openmap.registrations.operations import GivenConsent, give_consent
from openmap.selections.enums import BalanceKind, Outcome
from openmap.selections.models import Decision
from openmap.selections.operations import add_constraint, store_proposal
from openmap.selections.problem import ask
from openmap.selections.queries import candidates
from tests.allocation.conftest import SLUG, Morning
from tests.factories import (
    build_answer,
    build_application,
    build_assignment,
    build_call,
    build_coaching_booking,
    build_coaching_session,
    build_colleague_invitation,
    build_delegation,
    build_draft,
    build_event,
    build_exhibition,
    build_file,
    build_guest,
    build_guest_sheet,
    build_need,
    build_need_sheet,
    build_person,
    build_question,
    build_reviewer,
    build_stand,
    build_structure,
)
from tests.people import Visitor

ROLES = ("visitor", "amina", "bruno", "dsi", "achats", "emma", "olga")
IN, AWAY, SIGN_IN = "in", 404, "sign in"

Answers = Mapping[str, object]

EVERYONE: Answers = dict.fromkeys(ROLES, IN)
PEOPLE: Answers = {**EVERYONE, "visitor": SIGN_IN}
ORGANISERS: Answers = {**dict.fromkeys(ROLES, AWAY), "visitor": SIGN_IN, "olga": IN}
NOBODY: Answers = dict.fromkeys(ROLES, AWAY)
AMINA: Answers = {**ORGANISERS, "amina": IN}
DSI: Answers = {**ORGANISERS, "dsi": IN}
TAKING_PART: Answers = {**PEOPLE, "emma": AWAY}
GUESSED: Answers = {**dict.fromkeys(ROLES, AWAY), "visitor": SIGN_IN}

ACCESS: dict[tuple[str, str], tuple[str, Answers]] = {
    ("GET", "events.index"): ("/", EVERYONE),
    ("GET", "events.show"): ("/events/{slug}", EVERYONE),
    ("GET", "events.rule"): ("/rule", EVERYONE),
    ("GET", "programme.show"): ("/events/{slug}/programme", EVERYONE),
    ("GET", "programme.calendar"): ("/events/{slug}/programme.ics", EVERYONE),
    ("GET", "programme.screen"): ("/events/{slug}/screen", EVERYONE),
    ("GET", "programming.index"): ("/manage/{slug}/programme", ORGANISERS),
    ("GET", "programming.new"): ("/manage/{slug}/programme/new", ORGANISERS),
    ("POST", "programming.new"): ("/manage/{slug}/programme/new", ORGANISERS),
    ("GET", "programming.edit"): ("/manage/{slug}/programme/{line}", ORGANISERS),
    ("POST", "programming.edit"): ("/manage/{slug}/programme/{line}", ORGANISERS),
    ("POST", "programming.remove"): ("/manage/{slug}/programme/{other_line}/remove", ORGANISERS),
    ("POST", "programming.undo"): ("/manage/{slug}/programme/undo", ORGANISERS),
    ("GET", "programming.people"): ("/manage/{slug}/programme/{line}/people", ORGANISERS),
    ("GET", "programming.join"): ("/manage/{slug}/programme/{line}/people/new?who={amina}", ORGANISERS),
    ("POST", "programming.join"): ("/manage/{slug}/programme/{line}/people/new", ORGANISERS),
    ("POST", "programming.order"): ("/manage/{slug}/programme/{line}/order", ORGANISERS),
    ("GET", "programming.part"): ("/manage/{slug}/programme/appearances/{appearance}", ORGANISERS),
    ("POST", "programming.part"): ("/manage/{slug}/programme/appearances/{appearance}", ORGANISERS),
    ("POST", "programming.move"): ("/manage/{slug}/programme/appearances/{appearance}/move", ORGANISERS),
    ("POST", "programming.leave"): ("/manage/{slug}/programme/appearances/{other_appearance}/remove", ORGANISERS),
    ("GET", "programming.places"): ("/manage/{slug}/programme/{line}/places", ORGANISERS),
    ("GET", "places.show"): ("/events/{slug}/places/{amina}", AMINA),
    ("POST", "places.reserve"): ("/events/{slug}/places/{amina}/{line}", AMINA),
    ("POST", "places.give_back"): ("/events/{slug}/places/{amina}/{line}/return", AMINA),
    ("GET", "programming.stage"): ("/manage/{slug}/stage", ORGANISERS),
    ("POST", "programming.press"): ("/manage/{slug}/stage", ORGANISERS),
    ("GET", "series.show"): ("/series/{series}", EVERYONE),
    ("GET", "series.edit"): ("/series/{series}/edit", ORGANISERS),
    ("POST", "series.edit"): ("/series/{series}/edit", ORGANISERS),
    ("GET", "series.figures"): ("/series/{series}/figures.csv", EVERYONE),
    ("POST", "series.wish"): ("/series/{series}/wish", EVERYONE),
    ("GET", "series.confirm"): ("/next-editions/confirm/{link}", EVERYONE),
    ("POST", "series.confirm"): ("/next-editions/confirm/{link}", EVERYONE),
    ("GET", "series.end"): ("/next-editions/end/{link}", EVERYONE),
    ("POST", "series.end"): ("/next-editions/end/{link}", EVERYONE),
    ("GET", "series.mine"): ("/my-space/next-editions", PEOPLE),
    ("POST", "series.end_mine"): ("/my-space/next-editions/{request}/end", GUESSED),
    ("GET", "series.start"): ("/manage/new", ORGANISERS),
    ("POST", "series.start"): ("/manage/new", ORGANISERS),
    ("GET", "series.copy"): ("/manage/{slug}/next", ORGANISERS),
    ("POST", "series.copy"): ("/manage/{slug}/next", ORGANISERS),
    ("GET", "series.settings"): ("/manage/{slug}/settings", ORGANISERS),
    ("POST", "series.settings"): ("/manage/{slug}/settings", ORGANISERS),
    ("GET", "series.slots"): ("/manage/{slug}/slots", ORGANISERS),
    ("POST", "series.slots"): ("/manage/{slug}/slots", ORGANISERS),
    ("POST", "series.publish"): ("/manage/{slug}/publish", ORGANISERS),
    # the morning of these tests is to come: tests/series/test_archive.py opens a past one
    ("GET", "series.archive"): ("/manage/{slug}/archive.zip", GUESSED),
    ("GET", "series.tell"): ("/manage/{slug}/news", ORGANISERS),
    ("POST", "series.tell"): ("/manage/{slug}/news", ORGANISERS),
    ("GET", "core.accessibility"): ("/accessibility", EVERYONE),
    ("GET", "core.privacy"): ("/privacy", EVERYONE),
    ("GET", "core.livez"): ("/livez", EVERYONE),
    ("GET", "core.readyz"): ("/readyz", EVERYONE),
    ("GET", "core.mailbox"): ("/mails", EVERYONE),  # a demonstration's only; test_web tells of a real service
    ("GET", "core.mail"): ("/mails/{mail}", EVERYONE),
    ("POST", "core.set_language"): ("/language/en", EVERYONE),
    ("GET", "accounts.sign_in"): ("/accounts/sign-in", EVERYONE),
    ("POST", "accounts.sign_in"): ("/accounts/sign-in", EVERYONE),
    ("GET", "accounts.enter_code"): ("/accounts/code", EVERYONE),
    ("POST", "accounts.enter_code"): ("/accounts/code", EVERYONE),
    ("GET", "accounts.open_link"): ("/accounts/link/{link}", EVERYONE),
    ("POST", "accounts.open_link"): ("/accounts/link/{link}", EVERYONE),
    ("POST", "accounts.sign_out"): ("/accounts/sign-out", EVERYONE),
    ("GET", "invitations.index"): ("/manage/{slug}/invitations", ORGANISERS),
    ("GET", "invitations.export"): ("/manage/{slug}/invitations.csv", ORGANISERS),
    ("GET", "invitations.new"): ("/manage/{slug}/invitations/new/file", ORGANISERS),
    ("POST", "invitations.new"): ("/manage/{slug}/invitations/new/file", ORGANISERS),
    ("GET", "invitations.preview"): ("/manage/{slug}/invitations/sheets/{sheet}", ORGANISERS),
    ("POST", "invitations.confirm"): ("/manage/{slug}/invitations/sheets/{sheet}", ORGANISERS),
    ("POST", "invitations.discard"): ("/manage/{slug}/invitations/discard/{other_sheet}", ORGANISERS),
    ("GET", "invitations.remind"): ("/manage/{slug}/invitations/remind", ORGANISERS),
    ("POST", "invitations.remind"): ("/manage/{slug}/invitations/remind", ORGANISERS),
    ("POST", "invitations.set_rule"): ("/manage/{slug}/invitations/reminder-rule", ORGANISERS),
    ("POST", "invitations.restore"): ("/manage/{slug}/invitations/{guest}/restore", ORGANISERS),
    ("POST", "invitations.withdraw"): ("/manage/{slug}/invitations/{guest}/withdraw", ORGANISERS),
    ("GET", "invitations.show"): ("/invitations/absent", EVERYONE),
    ("POST", "invitations.start"): ("/invitations/absent/start", EVERYONE),
    ("GET", "invitations.decline"): ("/invitations/absent/decline", EVERYONE),
    ("POST", "invitations.decline"): ("/invitations/absent/decline", EVERYONE),
    ("GET", "organisations.contacts"): ("/organisations/{organisation}/contacts", AMINA),
    ("GET", "organisations.invite"): ("/organisations/{organisation}/contacts/invite", AMINA),
    ("POST", "organisations.invite"): ("/organisations/{organisation}/contacts/invite", AMINA),
    ("POST", "organisations.withdraw_invitation"): (
        "/organisations/{organisation}/contacts/invitations/{colleague}/withdraw",
        AMINA,
    ),
    ("GET", "organisations.edit"): ("/organisations/{organisation}/contacts/{contact}", AMINA),
    ("POST", "organisations.edit"): ("/organisations/{organisation}/contacts/{contact}", AMINA),
    ("POST", "organisations.make_main"): ("/organisations/{organisation}/contacts/{contact}/main", AMINA),
    ("GET", "organisations.leave"): ("/organisations/{organisation}/contacts/{contact}/leave", AMINA),
    ("POST", "organisations.leave"): ("/organisations/{organisation}/contacts/{contact}/leave", AMINA),
    ("GET", "organisations.join"): ("/organisations/join/absent", EVERYONE),
    ("POST", "organisations.join"): ("/organisations/join/absent", EVERYONE),
    ("GET", "catalogue.index"): ("/events/{slug}/catalogue", TAKING_PART),
    ("GET", "catalogue.show"): ("/events/{slug}/catalogue/{amina}", TAKING_PART),
    ("GET", "catalogue.logo"): ("/events/{slug}/catalogue/{amina}/logo", TAKING_PART),
    ("GET", "catalogue.document"): ("/events/{slug}/catalogue/{amina}/documents/{document}", TAKING_PART),
    ("GET", "catalogue.structures"): ("/events/{slug}/structures", EVERYONE),
    ("GET", "catalogue.structure"): ("/events/{slug}/structures/{amina}", EVERYONE),
    ("GET", "catalogue.public_logo"): ("/events/{slug}/structures/{amina}/logo", EVERYONE),
    ("GET", "profiles.show"): ("/organisations/{organisation}/profile", AMINA),
    ("GET", "profiles.edit"): ("/organisations/{organisation}/profile/summary", AMINA),
    ("POST", "profiles.edit"): ("/organisations/{organisation}/profile/summary", AMINA),
    ("GET", "profiles.logo"): ("/organisations/{organisation}/profile/logo", AMINA),
    ("POST", "profiles.logo"): ("/organisations/{organisation}/profile/logo", AMINA),
    ("GET", "profiles.logo_file"): ("/organisations/{organisation}/profile/logo/file", AMINA),
    ("POST", "profiles.drop_logo"): ("/organisations/{organisation}/profile/logo/remove", AMINA),
    ("GET", "profiles.documents"): ("/organisations/{organisation}/profile/documents", AMINA),
    ("POST", "profiles.documents"): ("/organisations/{organisation}/profile/documents", AMINA),
    ("GET", "profiles.document"): ("/organisations/{organisation}/profile/documents/{document}", AMINA),
    ("POST", "profiles.drop_document"): ("/organisations/{organisation}/profile/documents/{document}/remove", AMINA),
    ("GET", "profiles.add_desk"): ("/organisations/{body}/profile/desks/add", DSI),
    ("POST", "profiles.add_desk"): ("/organisations/{body}/profile/desks/add", DSI),
    ("GET", "profiles.edit_desk"): ("/organisations/{body}/profile/desks/{desk}", DSI),
    ("POST", "profiles.edit_desk"): ("/organisations/{body}/profile/desks/{desk}", DSI),
    ("POST", "profiles.drop_desk"): ("/organisations/{body}/profile/desks/{desk}/remove", DSI),
    ("GET", "organisations.directory"): ("/manage/organisations", ORGANISERS),
    ("GET", "organisations.duplicates"): ("/manage/duplicates", ORGANISERS),
    ("POST", "organisations.distinct"): ("/manage/duplicates/distinct?id={organisation}&id={another}", ORGANISERS),
    ("GET", "organisations.merge"): ("/manage/organisations/{organisation}/merge/{another}", ORGANISERS),
    ("POST", "organisations.merge"): ("/manage/organisations/{organisation}/merge/{another}", ORGANISERS),
    ("GET", "exhibition.show"): ("/events/{slug}/exhibition", EVERYONE),
    ("GET", "exhibition.describe"): ("/events/{slug}/exhibition/{amina}", AMINA),
    ("POST", "exhibition.describe"): ("/events/{slug}/exhibition/{amina}", AMINA),
    ("GET", "exhibition.edit"): ("/manage/{slug}/exhibition", ORGANISERS),
    ("POST", "exhibition.edit"): ("/manage/{slug}/exhibition", ORGANISERS),
    ("POST", "exhibition.align"): ("/manage/{slug}/exhibition/align", ORGANISERS),
    ("GET", "exhibition.add_stand"): ("/manage/{slug}/exhibition/stands/new", ORGANISERS),
    ("POST", "exhibition.add_stand"): ("/manage/{slug}/exhibition/stands/new", ORGANISERS),
    ("GET", "exhibition.edit_stand"): ("/manage/{slug}/exhibition/stands/{stand}", ORGANISERS),
    ("POST", "exhibition.edit_stand"): ("/manage/{slug}/exhibition/stands/{stand}", ORGANISERS),
    ("POST", "exhibition.move"): ("/manage/{slug}/exhibition/stands/{stand}/move", ORGANISERS),
    ("POST", "exhibition.remove_stand"): ("/manage/{slug}/exhibition/stands/{stand}/remove", ORGANISERS),
    ("GET", "exhibition.import_stands"): ("/manage/{slug}/exhibition/import", ORGANISERS),
    ("POST", "exhibition.import_stands"): ("/manage/{slug}/exhibition/import", ORGANISERS),
    ("GET", "exhibition.export"): ("/manage/{slug}/exhibition/stands.csv", ORGANISERS),
    ("GET", "coaching.index"): ("/manage/{slug}/coaching", ORGANISERS),
    ("GET", "coaching.new"): ("/manage/{slug}/coaching/new", ORGANISERS),
    ("POST", "coaching.new"): ("/manage/{slug}/coaching/new", ORGANISERS),
    ("POST", "coaching.ask"): ("/manage/{slug}/coaching/ask", ORGANISERS),
    ("GET", "coaching.edit"): ("/manage/{slug}/coaching/{session}", ORGANISERS),
    ("POST", "coaching.edit"): ("/manage/{slug}/coaching/{session}", ORGANISERS),
    ("GET", "coaching.cancel_session"): ("/manage/{slug}/coaching/{other_session}/cancel", ORGANISERS),
    ("POST", "coaching.cancel_session"): ("/manage/{slug}/coaching/{other_session}/cancel", ORGANISERS),
    ("GET", "coaching.book"): ("/events/{slug}/coaching/{amina}", AMINA),
    ("POST", "coaching.take"): ("/events/{slug}/coaching/{amina}/{session}", AMINA),
    ("POST", "coaching.cancel"): ("/events/{slug}/coaching/{bruno}/cancel", {**ORGANISERS, "bruno": IN}),
    # coaches come in too: tests/coaching/test_coaches.py
    ("GET", "coaching.session"): ("/events/{slug}/coaching/sessions/{session}", ORGANISERS),
    ("GET", "coaching.document"): ("/events/{slug}/coaching/sessions/{session}/documents/1", GUESSED),
    ("POST", "coaching.write_note"): (
        "/events/{slug}/coaching/sessions/{session}/bookings/{booking}/notes",
        ORGANISERS,
    ),
    ("POST", "coaching.remove_note"): (
        "/events/{slug}/coaching/sessions/{session}/bookings/{booking}/notes/0/remove",
        GUESSED,
    ),
    ("POST", "coaching.attend"): ("/events/{slug}/coaching/sessions/{session}/bookings/{booking}/came", ORGANISERS),
    ("GET", "pitches.show"): ("/events/{slug}/pitches", EVERYONE),
    ("GET", "pitches.apply"): ("/events/{slug}/pitches/{amina}", AMINA),
    ("POST", "pitches.apply"): ("/events/{slug}/pitches/{amina}", AMINA),
    ("GET", "pitches.preview"): ("/events/{slug}/pitches/{amina}/preview", AMINA),
    ("GET", "pitches.withdraw"): ("/events/{slug}/pitches/{amina}/withdraw", AMINA),
    ("POST", "pitches.withdraw"): ("/events/{slug}/pitches/{amina}/withdraw", AMINA),
    ("POST", "pitches.resume"): ("/events/{slug}/pitches/{amina}/resume", AMINA),
    ("GET", "pitches.document"): ("/events/{slug}/pitches/{amina}/documents/1", GUESSED),
    ("GET", "pitches.logo"): ("/events/{slug}/pitches/{amina}/logo", AMINA),
    ("GET", "pitches.answer_file"): ("/events/{slug}/pitches/{amina}/answers/{answer}", GUESSED),
    ("GET", "pitches.call"): ("/manage/{slug}/pitches", ORGANISERS),
    ("GET", "pitches.edit_call"): ("/manage/{slug}/pitches/edit", ORGANISERS),
    ("POST", "pitches.edit_call"): ("/manage/{slug}/pitches/edit", ORGANISERS),
    ("GET", "pitches.preview_call"): ("/manage/{slug}/pitches/preview", ORGANISERS),
    ("POST", "pitches.publish"): ("/manage/{slug}/pitches/publish", ORGANISERS),
    ("POST", "pitches.close"): ("/manage/{slug}/pitches/close", ORGANISERS),
    ("GET", "pitches.reopen"): ("/manage/{slug}/pitches/reopen", ORGANISERS),
    ("POST", "pitches.reopen"): ("/manage/{slug}/pitches/reopen", ORGANISERS),
    ("GET", "pitches.add_criterion"): ("/manage/{slug}/pitches/criteria/new", ORGANISERS),
    ("POST", "pitches.add_criterion"): ("/manage/{slug}/pitches/criteria/new", ORGANISERS),
    ("GET", "pitches.edit_criterion"): ("/manage/{slug}/pitches/criteria/{criterion}", ORGANISERS),
    ("POST", "pitches.edit_criterion"): ("/manage/{slug}/pitches/criteria/{criterion}", ORGANISERS),
    ("POST", "pitches.move_criterion"): ("/manage/{slug}/pitches/criteria/{criterion}/move", ORGANISERS),
    ("POST", "pitches.retire_criterion"): ("/manage/{slug}/pitches/criteria/{criterion}/retire", ORGANISERS),
    ("POST", "pitches.restore_criterion"): ("/manage/{slug}/pitches/criteria/{criterion}/restore", ORGANISERS),
    ("GET", "pitches.applications"): ("/manage/{slug}/pitches/applications", ORGANISERS),
    ("GET", "pitches.export"): ("/manage/{slug}/pitches/applications.csv", ORGANISERS),
    ("GET", "pitches.begin"): ("/manage/{slug}/pitches/applications/new", ORGANISERS),
    ("GET", "pitches.read"): ("/manage/{slug}/pitches/applications/{judged}", ORGANISERS),
    ("GET", "pitches.extend"): ("/manage/{slug}/pitches/extensions/{amina}", ORGANISERS),
    ("POST", "pitches.extend"): ("/manage/{slug}/pitches/extensions/{amina}", ORGANISERS),
    ("GET", "selections.board"): ("/manage/{slug}/selection", ORGANISERS),
    ("POST", "selections.decide"): ("/manage/{slug}/selection/decide", ORGANISERS),
    ("POST", "selections.rest"): ("/manage/{slug}/selection/rest", ORGANISERS),
    ("POST", "selections.undo"): ("/manage/{slug}/selection/undo", ORGANISERS),
    ("POST", "selections.add_rule"): ("/manage/{slug}/selection/rules/add", ORGANISERS),
    ("POST", "selections.edit_rule"): ("/manage/{slug}/selection/rules/{rule}", ORGANISERS),
    ("POST", "selections.remove_rule"): ("/manage/{slug}/selection/rules/{rule}/remove", ORGANISERS),
    ("POST", "selections.propose"): ("/manage/{slug}/selection/proposals", ORGANISERS),
    ("GET", "selections.proposal"): ("/manage/{slug}/selection/proposals/{proposal}", ORGANISERS),
    ("POST", "selections.adopt"): ("/manage/{slug}/selection/proposals/{proposal}/adopt", ORGANISERS),
    ("GET", "selections.question"): ("/manage/{slug}/selection/proposals/{proposal}/question.json", ORGANISERS),
    ("GET", "selections.release"): ("/manage/{slug}/selection/release", ORGANISERS),
    ("POST", "selections.publish"): ("/manage/{slug}/selection/release/send", ORGANISERS),
    ("POST", "selections.deadline"): ("/manage/{slug}/selection/release/deadline", ORGANISERS),
    ("GET", "selections.letter"): ("/manage/{slug}/selection/release/{chloe}", ORGANISERS),
    ("POST", "selections.write"): ("/manage/{slug}/selection/release/{chloe}/words", ORGANISERS),
    ("POST", "selections.read"): ("/manage/{slug}/selection/release/{chloe}/read", ORGANISERS),
    ("GET", "selections.file"): ("/manage/{slug}/selection/files/{amina}", ORGANISERS),
    ("POST", "selections.change"): ("/manage/{slug}/selection/files/{amina}/change", ORGANISERS),
    ("POST", "selections.promote"): ("/manage/{slug}/selection/files/{amina}/promote", ORGANISERS),
    ("POST", "selections.give_up"): ("/manage/{slug}/selection/files/{amina}/decline", ORGANISERS),
    ("POST", "selections.extend"): ("/manage/{slug}/selection/files/{amina}/extend", ORGANISERS),
    ("POST", "selections.free"): ("/manage/{slug}/selection/files/{amina}/free", ORGANISERS),
    ("GET", "selections.answer"): ("/events/{slug}/pitches/{amina}/answer", AMINA),
    ("POST", "selections.confirm"): ("/events/{slug}/pitches/{amina}/answer/confirm", AMINA),
    ("POST", "selections.decline"): ("/events/{slug}/pitches/{amina}/answer/decline", AMINA),
    ("GET", "juries.index"): ("/manage/{slug}/jury", ORGANISERS),
    ("GET", "juries.invite"): ("/manage/{slug}/jury/invite", ORGANISERS),
    ("POST", "juries.invite"): ("/manage/{slug}/jury/invite", ORGANISERS),
    ("POST", "juries.remind"): ("/manage/{slug}/jury/remind", ORGANISERS),
    ("GET", "juries.reviewer"): ("/manage/{slug}/jury/{reviewer}", ORGANISERS),
    ("POST", "juries.remove"): ("/manage/{slug}/jury/{reviewer}/remove", ORGANISERS),
    ("POST", "juries.reopen"): ("/manage/{slug}/jury/{reviewer}/reopen", ORGANISERS),
    ("GET", "juries.files"): ("/manage/{slug}/jury/files", ORGANISERS),
    ("POST", "juries.assign"): ("/manage/{slug}/jury/assign", ORGANISERS),
    ("POST", "juries.share"): ("/manage/{slug}/jury/share", ORGANISERS),
    ("GET", "juries.results"): ("/manage/{slug}/jury/results", ORGANISERS),
    ("GET", "juries.result"): ("/manage/{slug}/jury/results/{judged}", ORGANISERS),
    ("GET", "juries.export"): ("/manage/{slug}/jury/results.csv", ORGANISERS),
    ("GET", "juries.export_scores"): ("/manage/{slug}/jury/scores.csv", ORGANISERS),
    ("GET", "juries.export_workbook"): ("/manage/{slug}/jury/results.xlsx", ORGANISERS),
    ("POST", "juries.normalise"): ("/manage/{slug}/jury/normalise", ORGANISERS),
    ("GET", "juries.invitation"): ("/jury/absent", EVERYONE),
    ("POST", "juries.accept"): ("/jury/absent/accept", EVERYONE),
    ("POST", "juries.decline"): ("/jury/absent/decline", EVERYONE),
    # someone else's files to judge; tests/juries/test_secrecy.py tells of one's own
    ("GET", "juries.mine"): ("/events/{slug}/jury", GUESSED),
    ("GET", "juries.review"): ("/events/{slug}/jury/{judged}", GUESSED),
    ("POST", "juries.judge"): ("/events/{slug}/jury/{judged}", GUESSED),
    ("POST", "juries.conflict"): ("/events/{slug}/jury/{judged}/conflict", GUESSED),
    ("GET", "juries.document"): ("/events/{slug}/jury/{judged}/documents/1", GUESSED),
    ("GET", "juries.logo"): ("/events/{slug}/jury/{judged}/logo", GUESSED),
    ("GET", "juries.answer_file"): ("/events/{slug}/jury/{judged}/answers/1", GUESSED),
    ("GET", "registrations.choose"): ("/events/{slug}/registrations", EVERYONE),
    ("GET", "registrations.structure"): ("/events/{slug}/registrations/structure", EVERYONE),
    ("POST", "registrations.structure"): ("/events/{slug}/registrations/structure", EVERYONE),
    ("GET", "registrations.desk"): ("/events/{slug}/registrations/desk", EVERYONE),
    ("POST", "registrations.desk"): ("/events/{slug}/registrations/desk", EVERYONE),
    ("GET", "registrations.partner"): ("/events/{slug}/registrations/partner", EVERYONE),
    ("POST", "registrations.partner"): ("/events/{slug}/registrations/partner", EVERYONE),
    ("GET", "registrations.visitor"): ("/events/{slug}/registrations/visitor", EVERYONE),
    ("POST", "registrations.visitor"): ("/events/{slug}/registrations/visitor", EVERYONE),
    # someone else's draft; tests/registrations/test_drafts.py tells of one's own
    ("GET", "registrations.step"): ("/events/{slug}/registrations/drafts/{draft}/contact", NOBODY),
    ("POST", "registrations.save"): ("/events/{slug}/registrations/drafts/{draft}/contact", NOBODY),
    ("GET", "registrations.later"): ("/events/{slug}/registrations/drafts/{draft}/later", NOBODY),
    ("POST", "registrations.later"): ("/events/{slug}/registrations/drafts/{draft}/later", NOBODY),
    ("POST", "registrations.discard"): ("/events/{slug}/registrations/drafts/{draft}/discard", NOBODY),
    ("POST", "registrations.send"): ("/events/{slug}/registrations/drafts/{draft}/send", NOBODY),
    ("GET", "registrations.resume"): ("/events/{slug}/registrations/resume/{link}", EVERYONE),
    ("POST", "registrations.resume"): ("/events/{slug}/registrations/resume/{link}", EVERYONE),
    ("GET", "registrations.show"): ("/events/{slug}/registrations/{amina}", AMINA),
    ("POST", "registrations.consent"): ("/events/{slug}/registrations/{amina}/consents/photo", AMINA),
    ("GET", "registrations.answer_file"): ("/events/{slug}/registrations/{amina}/files/{answer}", AMINA),
    ("GET", "registrations.capacity"): ("/events/{slug}/registrations/capacity", ORGANISERS),
    ("POST", "registrations.capacity"): ("/events/{slug}/registrations/capacity", ORGANISERS),
    ("POST", "registrations.approve_many"): ("/events/{slug}/registrations/review/approvals", ORGANISERS),
    ("POST", "registrations.give_places"): ("/events/{slug}/registrations/capacity/structure/give", ORGANISERS),
    ("GET", "leaving.cancel"): ("/events/{slug}/leaving/{amina}/cancel", AMINA),
    ("POST", "leaving.cancel"): ("/events/{slug}/leaving/{amina}/cancel", AMINA),
    ("GET", "leaving.reopen"): ("/events/{slug}/leaving/{amina}/reopen", ORGANISERS),
    ("POST", "leaving.reopen"): ("/events/{slug}/leaving/{amina}/reopen", ORGANISERS),
    ("GET", "questions.index"): ("/manage/{slug}/questions", ORGANISERS),
    ("GET", "questions.new"): ("/manage/{slug}/questions/new", ORGANISERS),
    ("POST", "questions.new"): ("/manage/{slug}/questions/new", ORGANISERS),
    ("GET", "questions.preview"): ("/manage/{slug}/questions/preview", ORGANISERS),
    ("GET", "questions.edit"): ("/manage/{slug}/questions/{question}", ORGANISERS),
    ("POST", "questions.edit"): ("/manage/{slug}/questions/{question}", ORGANISERS),
    ("POST", "questions.move"): ("/manage/{slug}/questions/{question}/move", ORGANISERS),
    ("POST", "questions.retire"): ("/manage/{slug}/questions/{question}/retire", ORGANISERS),
    ("POST", "questions.restore"): ("/manage/{slug}/questions/{question}/restore", ORGANISERS),
    ("GET", "registrations.done"): ("/events/{slug}/registrations/done", EVERYONE),
    ("GET", "registrations.review"): ("/events/{slug}/registrations/review", ORGANISERS),
    ("POST", "registrations.approve"): ("/events/{slug}/registrations/{amina}/approve", ORGANISERS),
    ("GET", "registrations.refuse"): ("/events/{slug}/registrations/{amina}/refuse", ORGANISERS),
    ("POST", "registrations.refuse"): ("/events/{slug}/registrations/{amina}/refuse", ORGANISERS),
    ("GET", "meeting_requests.choose"): ("/events/{slug}/requests/{amina}", AMINA),
    ("POST", "meeting_requests.submit"): ("/events/{slug}/requests/{amina}", AMINA),
    ("POST", "meeting_requests.reorder"): ("/events/{slug}/requests/{amina}/order", AMINA),
    ("POST", "meeting_requests.edit_motive"): ("/events/{slug}/requests/{amina}/{request}/motive", AMINA),
    ("POST", "meeting_requests.move"): ("/events/{slug}/requests/{amina}/{request}/move", AMINA),
    ("POST", "meeting_requests.withdraw"): ("/events/{slug}/requests/{amina}/{request}/withdraw", AMINA),
    ("GET", "meeting_requests.received"): ("/events/{slug}/desks/{dsi}/requests", DSI),
    ("POST", "meeting_requests.answer"): ("/events/{slug}/desks/{dsi}/requests/{request}", DSI),
    ("POST", "meeting_requests.join"): ("/events/{slug}/requests/{amina}/groups/{request}", GUESSED),
    ("POST", "meeting_requests.go_without"): ("/events/{slug}/requests/{amina}/{request}/without", AMINA),
    ("POST", "meeting_requests.answer_invitation"): (
        "/events/{slug}/requests/{amina}/invitations/{request}",
        GUESSED,
    ),
    ("GET", "meeting_requests.ask"): ("/events/{slug}/requests/{amina}/ask/{dsi}", AMINA),
    ("POST", "meeting_requests.ask"): ("/events/{slug}/requests/{amina}/ask/{dsi}", AMINA),
    ("GET", "meeting_requests.peers"): ("/events/{slug}/requests/{amina}/structures", GUESSED),
    ("GET", "meeting_requests.invite"): ("/events/{slug}/desks/{dsi}/invitations", DSI),
    ("POST", "meeting_requests.send_invitation"): ("/events/{slug}/desks/{dsi}/invitations", DSI),
    ("POST", "meeting_requests.withdraw_invitation"): (
        "/events/{slug}/desks/{dsi}/invitations/{request}/withdraw",
        GUESSED,
    ),
    ("GET", "request_rules.show"): ("/manage/{slug}/requests", ORGANISERS),
    ("POST", "request_rules.show"): ("/manage/{slug}/requests", ORGANISERS),
    ("POST", "request_rules.add_ban"): ("/manage/{slug}/requests/bans", ORGANISERS),
    ("POST", "request_rules.remove_ban"): ("/manage/{slug}/requests/bans/{request}/remove", GUESSED),
    ("POST", "request_rules.set_quota"): ("/manage/{slug}/requests/quotas", ORGANISERS),
    ("POST", "request_rules.remove_quota"): ("/manage/{slug}/requests/quotas/ESAT/remove", GUESSED),
    ("GET", "request_rules.reminder"): ("/manage/{slug}/requests/reminder", ORGANISERS),
    ("POST", "request_rules.reminder"): ("/manage/{slug}/requests/reminder", ORGANISERS),
    ("GET", "roadmaps.index"): ("/roadmaps", EVERYONE),
    ("GET", "roadmaps.morning"): ("/events/{slug}/roadmaps", EVERYONE),
    ("GET", "roadmaps.show"): ("/roadmaps/{roadmap}", EVERYONE),
    ("GET", "roadmaps.need"): ("/roadmaps/{roadmap}/needs/{need}", EVERYONE),
    ("GET", "roadmaps.export_all"): ("/roadmaps/needs.json", EVERYONE),
    ("GET", "roadmaps.export_morning"): ("/events/{slug}/roadmaps/needs.csv", EVERYONE),
    ("GET", "roadmaps.export_buyer"): ("/roadmaps/{roadmap}/needs.pdf", EVERYONE),
    ("GET", "roadmaps.follow"): ("/roadmaps/follow", PEOPLE),
    ("POST", "roadmaps.follow"): ("/roadmaps/follow", PEOPLE),
    ("GET", "roadmaps.unfollow"): ("/roadmaps/unfollow/guessed", dict.fromkeys(ROLES, AWAY)),
    ("POST", "roadmaps.unfollow"): ("/roadmaps/unfollow/guessed", dict.fromkeys(ROLES, AWAY)),
    ("GET", "roadmaps.mine"): ("/roadmaps/mine", PEOPLE),
    ("POST", "roadmaps.begin"): ("/roadmaps/mine", {**dict.fromkeys(ROLES, AWAY), "visitor": SIGN_IN}),
    ("GET", "roadmaps.edit"): ("/roadmaps/{roadmap}/edit", DSI),
    ("POST", "roadmaps.present"): ("/roadmaps/{roadmap}/edit", DSI),
    ("POST", "roadmaps.set_shown"): ("/roadmaps/{roadmap}/mornings/{slug}/show", DSI),
    ("GET", "roadmaps.add"): ("/roadmaps/{roadmap}/needs/new", DSI),
    ("POST", "roadmaps.add"): ("/roadmaps/{roadmap}/needs/new", DSI),
    ("GET", "roadmaps.edit_need"): ("/roadmaps/{roadmap}/needs/{need}/edit", DSI),
    ("POST", "roadmaps.edit_need"): ("/roadmaps/{roadmap}/needs/{need}/edit", DSI),
    ("POST", "roadmaps.set_state"): ("/roadmaps/{roadmap}/needs/{need}/publish", DSI),
    ("POST", "roadmaps.move"): ("/roadmaps/{roadmap}/needs/{need}/up", DSI),
    ("POST", "roadmaps.duplicate"): ("/roadmaps/{roadmap}/needs/{need}/duplicate", DSI),
    ("GET", "roadmaps.template"): ("/roadmaps/{roadmap}/import/needs.xlsx", DSI),
    ("GET", "roadmaps.send_sheet"): ("/roadmaps/{roadmap}/import", DSI),
    ("POST", "roadmaps.send_sheet"): ("/roadmaps/{roadmap}/import", DSI),
    ("GET", "roadmaps.map_sheet"): ("/roadmaps/{roadmap}/import/{sheet}", DSI),
    ("POST", "roadmaps.store_sheet"): ("/roadmaps/{roadmap}/import/{sheet}", DSI),
    ("GET", "my_space.show"): ("/my-space", PEOPLE),
    ("GET", "agendas.show"): ("/events/{slug}/agendas/{amina}", AMINA),
    ("GET", "agendas.download"): ("/events/{slug}/agendas/{amina}.ics", AMINA),
    ("POST", "agendas.create_feed"): ("/events/{slug}/agendas/{amina}/feed", AMINA),
    ("POST", "agendas.revoke_feed"): ("/events/{slug}/agendas/{amina}/feed/revoke", AMINA),
    ("GET", "agendas.feed"): ("/a/guessed.ics", dict.fromkeys(ROLES, AWAY)),
    ("GET", "manage.index"): ("/manage", ORGANISERS),
    ("GET", "manage.event"): ("/manage/{slug}", ORGANISERS),
    ("GET", "manage.journal"): ("/manage/{slug}/journal", ORGANISERS),
    ("GET", "manage.participants"): ("/manage/{slug}/participants", ORGANISERS),
    ("GET", "allocation.index"): ("/events/{slug}/allocation", ORGANISERS),
    ("POST", "allocation.start"): ("/events/{slug}/allocation", ORGANISERS),
    ("GET", "personal_data.show"): ("/my-space/data", PEOPLE),
    ("GET", "personal_data.export"): ("/my-space/data/export.zip", PEOPLE),
    ("POST", "personal_data.correct"): ("/my-space/data/details", PEOPLE),
    ("POST", "personal_data.ask_address"): ("/my-space/data/address", PEOPLE),
    ("GET", "personal_data.confirm"): ("/my-space/data/address/absent", EVERYONE),
    ("POST", "personal_data.change"): ("/my-space/data/address/absent", EVERYONE),
    ("POST", "personal_data.sign_out_everywhere"): ("/my-space/data/sessions/end", PEOPLE),
    ("GET", "personal_data.ask_erasure"): ("/my-space/data/erasure", PEOPLE),
    ("POST", "personal_data.erase"): ("/my-space/data/erasure", PEOPLE),
    ("POST", "personal_data.keep"): ("/my-space/data/erasure/keep", GUESSED),
    ("GET", "facilitation.index"): ("/organisations/{organisation}/delegations", AMINA),
    ("POST", "facilitation.ask"): ("/organisations/{organisation}/delegations/new", AMINA),
    ("POST", "facilitation.accept"): ("/organisations/{organisation}/delegations/{delegation}/accept", AMINA),
    ("POST", "facilitation.end"): ("/organisations/{organisation}/delegations/{delegation}/end", AMINA),
    ("GET", "telephone.find"): ("/manage/{slug}/telephone", ORGANISERS),
    ("GET", "telephone.call"): ("/manage/{slug}/telephone/{amina}", ORGANISERS),
    ("POST", "telephone.enter"): ("/manage/{slug}/telephone/{amina}", ORGANISERS),
    ("POST", "telephone.undo"): ("/manage/{slug}/telephone/{amina}/undo", ORGANISERS),
    ("GET", "explanations.index"): ("/events/{slug}/explanations/{amina}", AMINA),
    ("GET", "explanations.show"): ("/events/{slug}/explanations/{amina}/{request}", AMINA),
    ("GET", "allocation.what_if"): ("/events/{slug}/allocation/what-if", ORGANISERS),
    ("GET", "allocation.show"): ("/events/{slug}/allocation/1", ORGANISERS),
    ("GET", "allocation.progress"): ("/events/{slug}/allocation/1/progress", ORGANISERS),
    ("POST", "allocation.cancel"): ("/events/{slug}/allocation/1/cancel", ORGANISERS),
    ("POST", "allocation.pin"): ("/events/{slug}/allocation/1/pins/{placed}", ORGANISERS),
    ("POST", "allocation.unpin"): ("/events/{slug}/allocation/1/pins/{placed}/remove", ORGANISERS),
    ("GET", "allocation.preview"): ("/events/{slug}/allocation/1/publish", ORGANISERS),
    ("POST", "allocation.publish"): ("/events/{slug}/allocation/1/publish", ORGANISERS),
}


@pytest.fixture
def places(solved_app: Flask, solved: Morning) -> dict[str, object]:
    """What stands in the addresses, and Emma's own morning."""
    with unit_of_work():
        emma = build_person("Emma", email="emma@exemple.fr", at=now())
        build_structure(build_event(at=now()), contact=emma, at=now())
        contact = solved.participant("amina").contact
        contact.is_main = True
        delegation = build_delegation(solved.participant("amina"), at=now())
        colleague = build_colleague_invitation(contact, at=now())
        guest = build_guest(solved.event, at=now())
        sheet, other_sheet = (build_guest_sheet(solved.event, contact.person, at=now()) for _ in range(2))
        question = build_question(solved.event, kind=QuestionKind.FILE, at=now())
        answer = build_answer(solved.participant("amina"), question, build_file(at=now()), at=now())
        draft = build_draft(solved.event, at=now())
    Visitor(solved_app, "emma@exemple.fr").signs_in()
    olga = Visitor(solved_app, "olga@exemple.fr").signs_in()
    olga.submits(solved.path("/1/publish"), "/publish")
    beat = solved_app.extensions["openmap"].data_dir / "worker_beat"
    beat.touch()  # as a worker does, for /readyz
    in_an_hour = (now() + timedelta(hours=1)).timestamp()  # which a long story on a busy machine doesn't outlast
    os.utime(beat, (in_an_hour, in_an_hour))
    mail = Visitor(solved_app, "emma@exemple.fr").latest_mail()
    return {
        **roadmap_of(solved.participant("dsi")),
        **coaching_of(solved),
        **selection_of(solved),
        **exhibition_of(solved),
        **jury_of(solved),
        **stage_of(solved),
        **profiles_of(solved.participant("amina"), solved.participant("dsi")),
        "slug": SLUG,
        "series": solved.event.series.slug,
        "amina": solved.participant("amina").ref,
        "organisation": contact.organisation_id,
        "another": solved.participant("bruno").organisation_id,
        "contact": contact.id,
        "colleague": colleague.id,
        "guest": guest.id,
        "sheet": sheet.id,
        "other_sheet": other_sheet.id,
        "dsi": solved.participant("dsi").ref,
        "question": question.id,
        "answer": answer.id,
        "draft": draft.id,
        "placed": solved.request("amina", "achats").id,
        "request": solved.request("amina", "dsi").id,
        "mail": mail.id,
        "link": "absent",
        "delegation": delegation.id,
    }


def profiles_of(structure: Registration, buyer: Registration) -> dict[str, object]:
    """What stands in the addresses of two profiles: a logo and a document that all may see, a desk of its own."""
    with unit_of_work():
        buyer.contact.is_main = True
        own, picture = structure.organisation, CheckedFile("logo.png", "image/png", b"a picture")
        set_logo(own, picture, alt="Logo", by=None, at=now())
        document = add_document(own, picture, title="Plaquette", by=None, at=now())
        body = buyer.organisation
        desk = save_desk(body, None, name="DSI", about="", sectors=(), contact_ids=(), by=None, at=now())
        agreed = GivenConsent(ConsentPurpose.DIRECTORY, "2026-11", "J’accepte")
        give_consent(structure, agreed, by=None, at=now())
    return {"document": document.id, "body": buyer.organisation_id, "desk": desk.id}


def coaching_of(solved: Morning) -> dict[str, object]:
    """What stands in the addresses of coaching: two sessions, one with a place of Amina's."""
    amina, bruno = solved.participant("amina"), solved.participant("bruno")
    with unit_of_work():
        call = call_of(solved.event) or build_call(solved.event, at=now())
        own, other = (
            application_of(call, each) or build_application(call, each, state=ApplicationState.SELECTED, at=now())
            for each in (amina, bruno)
        )
        coaching_session, second = (build_coaching_session(call, at=now(), days=days) for days in (5, 6))
        booking = build_coaching_booking(coaching_session, own, at=now())
        build_coaching_booking(coaching_session, other, at=now())
    return {"bruno": bruno.ref, "session": coaching_session.id, "other_session": second.id, "booking": booking.id}


def selection_of(solved: Morning) -> dict[str, object]:
    """What stands in the addresses of a selection: Amina's answer, Chloé's letter, a rule and a proposal."""
    amina, chloe = solved.participant("amina"), solved.participant("chloe")
    with unit_of_work():
        call = call_of(solved.event) or build_call(solved.event, at=now())
        call.confirm_before = now() + timedelta(days=5)
        told = application_of(call, amina) or build_application(call, amina, at=now())
        waiting = build_application(call, chloe, at=now())
        session.add(
            Decision(
                call_id=call.id, application_id=told.id, outcome=Outcome.SELECTED, decided_at=now(), released_at=now()
            )
        )
        session.add(Decision(call_id=call.id, application_id=waiting.id, outcome=Outcome.REJECTED, decided_at=now()))
        rule = add_constraint(call, BalanceKind.SECTOR, values=(), at_least=None, at_most=3, by=None, at=now())
        proposal = store_proposal(call, ask(call, candidates(call), ()), by=None, at=now())
        return {"chloe": chloe.ref, "rule": rule.id, "proposal": proposal.number}


def jury_of(solved: Morning) -> dict[str, object]:
    """What stands in the addresses of the jury: somebody who is none of the roles, and Amina's file."""
    amina = solved.participant("amina")
    with unit_of_work():
        call = call_of(solved.event) or build_call(solved.event, at=now())
        file = application_of(call, amina) or build_application(call, amina, at=now())
        reviewer = build_reviewer(call, at=now())
        build_assignment(reviewer, file, at=now())
    return {"reviewer": reviewer.id, "judged": file.id, "criterion": call.criteria[0].id}


def stage_of(solved: Morning) -> dict[str, object]:
    """What stands in the addresses of a programme: a line with two people on stage, and one with nobody."""
    start = solved.event.slots[0].starts_at
    with unit_of_work():
        details = LineDetails(ProgrammeKind.PITCHES, "Pitchs", start - timedelta(minutes=30), start)
        line, other = (add_item(solved.event, details, by=None, at=now()) for _ in range(2))
        own, guest = (
            add_appearance(line, part, by=None, at=now())
            for part in (
                Part(AppearanceRole.PITCH, registration=solved.participant("amina")),
                Part(AppearanceRole.SPEAKER, person_name="Nadia Benali"),
            )
        )
    return {"line": line.id, "other_line": other.id, "appearance": own.id, "other_appearance": guest.id}


def exhibition_of(solved: Morning) -> dict[str, object]:
    """What stands in the addresses of a public exhibition: Amina's stand."""
    with unit_of_work():
        exhibition = build_exhibition(solved.event, is_public=True)
        stand = build_stand(exhibition, "A1", registration=solved.participant("amina"))
    return {"stand": stand.id}


def roadmap_of(buyer: Registration) -> dict[str, object]:
    """What stands in the addresses of a buyer's roadmap: a need of its own and a sheet waiting."""
    with unit_of_work():
        need = build_need(buyer.organisation, at=now())
        sheet = build_need_sheet(need.roadmap, ["Objet"], ["Tri"], by=buyer.contact.person, at=now())
    return {"roadmap": need.roadmap.slug, "need": need.id, "sheet": sheet.id}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_in_where_the_table_says(solved_app, places, role):
    visitor = Visitor(solved_app, f"{role}@exemple.fr")
    if role != "visitor":
        visitor.signs_in()
    # what ends the others' ground comes last
    late = ("accounts.sign_out", "sign_out_everywhere", "withdraw", "leaving", "drop_logo")
    routes = sorted(ACCESS.items(), key=lambda route: tuple(word in route[0][1] for word in late))
    found = {route: answer_to(visitor, route[0], pattern.format(**places)) for route, (pattern, _) in routes}
    assert found == {route: answers[role] for route, (_, answers) in routes}


def test_every_route_is_in_the_table(app):
    routes = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }
    assert routes == set(ACCESS)


def answer_to(visitor: Visitor, method: str, path: str) -> object:
    """`in`, 404, or sent to sign in; a POST carries a valid token and nothing else."""
    if method == "GET":
        answer = visitor.browser.get(path, expect_errors=True)
    else:
        token = visitor.sees("/accessibility").html.find("meta", attrs={"name": "csrf-token"})["content"]
        answer = visitor.browser.post(path, {"csrf_token": token}, expect_errors=True)
    if answer.status_int == 404:
        return AWAY
    if answer.status_int in {302, 303} and "/accounts/sign-in" in answer.location:
        return SIGN_IN
    assert answer.status_int < 500, f"{method} {path}: {answer.status}"
    return IN
