"""Every change of a report, by subject. Order in each: lock, refuse, change, log, count, tell."""

from xaso.reports.actions.adding import More, add_more
from xaso.reports.actions.alarming import (
    add_position,
    call_back,
    confirm_alarm,
    end_alarm,
    take_alarm,
)
from xaso.reports.actions.answering import Answering, AnswerRefused, answer, count_refusal, preview
from xaso.reports.actions.apart import keep_from, let_read
from xaso.reports.actions.approving import (
    AlreadyAsked,
    AlreadyDecided,
    Asking,
    OwnRequest,
    approve,
    ask_approval,
    decline,
    take_request_back,
)
from xaso.reports.actions.asking import Reply, ask_info, give_info, go_on
from xaso.reports.actions.assigning import Accepting, Assigning, accept, assign, note, start
from xaso.reports.actions.bodies import (
    BodyReply,
    as_body,
    body_agrees,
    body_replies,
    make_link,
)
from xaso.reports.actions.bodies import opened as body_opened
from xaso.reports.actions.chasing import chase_all
from xaso.reports.actions.closing import Rating, close, close_what_is_over, rate, withdraw
from xaso.reports.actions.confirming import CodeIsOver, WrongCode, confirm, send_code_again
from xaso.reports.actions.deciding import Shown, call_different, followed_instead, sent_anyway
from xaso.reports.actions.duty import AlreadyOnDuty, NewShifts, add_shifts, remove_shift
from xaso.reports.actions.extending import Extending, extend
from xaso.reports.actions.filtering import TooManyFilters, drop_filter, keep_filter
from xaso.reports.actions.following import Following, IsTheSender, NotPublished, follow, unfollow
from xaso.reports.actions.following_calendar import follow_calendar, follow_calendar_later
from xaso.reports.actions.forgetting import NewHold, end_hold, hold
from xaso.reports.actions.forwarding import Forwarding, forward, take_back
from xaso.reports.actions.given import Announced, Contact, NewReport, Place, Voice
from xaso.reports.actions.helping import Agreement, Helped, NeedsAgreement, receive_for
from xaso.reports.actions.kinds import (
    KindGiven,
    QuestionGiven,
    TermGiven,
    TermInUse,
    add_kind,
    ask,
    change_kind,
    offer_regulations,
    set_term,
    stop_asking,
)
from xaso.reports.actions.managing import recategorise, set_up
from xaso.reports.actions.merging import mark_duplicate, separate
from xaso.reports.actions.moderating import Seen, Words, hide, moderate, publish
from xaso.reports.actions.outside import BodyGiven, save_body
from xaso.reports.actions.papering import (
    Collected,
    SheetFinished,
    collect,
    finish,
    keep_photo,
    print_sheets,
    receive_row,
)
from xaso.reports.actions.partners import Passed, Word, add_word, fetch_media, receive_passed
from xaso.reports.actions.phones import MayNotHelp as MayNotHelp
from xaso.reports.actions.phones import PhoneEnded as PhoneEnded
from xaso.reports.actions.phones import end_phone as end_phone
from xaso.reports.actions.phones import holder as holder_of_phone
from xaso.reports.actions.phones import join_phone as join_phone
from xaso.reports.actions.photographs import (
    Piece,
    Progress,
    Withdrawn,
    add_photo,
    add_piece,
    part_of,
)
from xaso.reports.actions.reaching import Wish, detach, detach_person, prefer, tell_device
from xaso.reports.actions.receiving import OtherContent, Receipt, receive
from xaso.reports.actions.reception import Day, book, open_day, settle, take_tip
from xaso.reports.actions.recordings import (
    TooLongToHear,
    add_voice,
    store_voice,
    transcribe,
    transcribe_rating,
)
from xaso.reports.actions.rejecting import object_to, reject, reopen
from xaso.reports.actions.reviewing import Finding, finish_task
from xaso.reports.actions.rights import (
    Asked,
    Decision,
    ask_about_data,
    decide_data_request,
    take_back_data_request,
)
from xaso.reports.actions.routing import propose_again, reroute
from xaso.reports.actions.rulebook import (
    NothingDrafted,
    RuleGiven,
    discard_rules,
    move_rule,
    open_rules,
    publish_rules,
    remove_rule,
    save_rule,
)
from xaso.reports.actions.ruling import NewRule, set_rule
from xaso.reports.actions.steps import KeptSealed, Stale
from xaso.reports.actions.streams import restream, seal
from xaso.reports.actions.templating import Wording, retire_template, write_template
from xaso.reports.actions.texting import read as read_text
from xaso.reports.actions.waiting import give_up_waiting, remind, remind_all
from xaso.reports.actions.warning import warn

__all__ = [
    "Accepting",
    "Agreement",
    "AlreadyAsked",
    "AlreadyDecided",
    "AlreadyOnDuty",
    "Announced",
    "AnswerRefused",
    "Answering",
    "Asked",
    "Asking",
    "Assigning",
    "BodyGiven",
    "BodyReply",
    "CodeIsOver",
    "Collected",
    "Contact",
    "Day",
    "Decision",
    "Extending",
    "Finding",
    "Following",
    "Forwarding",
    "Helped",
    "IsTheSender",
    "KeptSealed",
    "KindGiven",
    "MayNotHelp",
    "More",
    "NeedsAgreement",
    "NewHold",
    "NewReport",
    "NewRule",
    "NewShifts",
    "NotPublished",
    "NothingDrafted",
    "OtherContent",
    "OwnRequest",
    "Passed",
    "PhoneEnded",
    "Piece",
    "Place",
    "Progress",
    "QuestionGiven",
    "Rating",
    "Receipt",
    "Reply",
    "RuleGiven",
    "Seen",
    "SheetFinished",
    "Shown",
    "Stale",
    "TermGiven",
    "TermInUse",
    "TooLongToHear",
    "TooManyFilters",
    "Voice",
    "Wish",
    "Withdrawn",
    "Word",
    "Wording",
    "Words",
    "WrongCode",
    "accept",
    "add_kind",
    "add_more",
    "add_photo",
    "add_piece",
    "add_position",
    "add_shifts",
    "add_voice",
    "add_word",
    "answer",
    "approve",
    "as_body",
    "ask",
    "ask_about_data",
    "ask_approval",
    "ask_info",
    "assign",
    "body_agrees",
    "body_opened",
    "body_replies",
    "book",
    "call_back",
    "call_different",
    "change_kind",
    "chase_all",
    "close",
    "close_what_is_over",
    "collect",
    "confirm",
    "confirm_alarm",
    "count_refusal",
    "decide_data_request",
    "decline",
    "detach",
    "detach_person",
    "discard_rules",
    "drop_filter",
    "end_alarm",
    "end_hold",
    "end_phone",
    "extend",
    "fetch_media",
    "finish",
    "finish_task",
    "follow",
    "follow_calendar",
    "follow_calendar_later",
    "followed_instead",
    "forward",
    "give_info",
    "give_up_waiting",
    "go_on",
    "hide",
    "hold",
    "holder_of_phone",
    "join_phone",
    "keep_filter",
    "keep_from",
    "keep_photo",
    "let_read",
    "make_link",
    "mark_duplicate",
    "moderate",
    "move_rule",
    "note",
    "object_to",
    "offer_regulations",
    "open_day",
    "open_rules",
    "part_of",
    "prefer",
    "preview",
    "print_sheets",
    "propose_again",
    "publish",
    "publish_rules",
    "rate",
    "read_text",
    "recategorise",
    "receive",
    "receive_for",
    "receive_passed",
    "receive_row",
    "reject",
    "remind",
    "remind_all",
    "remove_rule",
    "remove_shift",
    "reopen",
    "reroute",
    "restream",
    "retire_template",
    "save_body",
    "save_rule",
    "seal",
    "send_code_again",
    "sent_anyway",
    "separate",
    "set_rule",
    "set_term",
    "set_up",
    "settle",
    "start",
    "stop_asking",
    "store_voice",
    "take_alarm",
    "take_back",
    "take_back_data_request",
    "take_request_back",
    "take_tip",
    "tell_device",
    "transcribe",
    "transcribe_rating",
    "unfollow",
    "warn",
    "withdraw",
    "write_template",
]
