"""What an email that came back means, whichever system sent it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.bounces import explaining
from briefing.bounces.explaining import explain, explain_in_child
from briefing.bounces.kinds import BounceKind, Explanation, Recipient
from briefing.errors import LimitError
from tests.bounces.samples import (
    MACHINE,
    READER,
    RETURNED,
    TOKEN,
    complaint,
    failed,
    in_fields,
    in_words,
    letter,
)


def _explain(mail: str) -> Explanation:
    return explain(mail.encode())


def _kinds(explanation: Explanation) -> dict[str, BounceKind]:
    return {each.address: each.kind for each in explanation.recipients}


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        ("5.1.1", "550 5.1.1 user unknown", BounceKind.DEAD),
        ("5.1.1", "550", BounceKind.DEAD),
        ("5.1.2", "550 host unknown", BounceKind.DEAD),
        ("5.0.0", "550 there is no such mailbox here", BounceKind.DEAD),
        ("5.4.4", "no MX record", BounceKind.DEAD),
        ("5.1.10", "556 example.org has a null MX", BounceKind.DEAD),
        ("5.2.2", "552 mailbox is full", BounceKind.FULL),
        ("4.4.7", "452 4.2.2 over quota", BounceKind.FULL),
        ("5.7.1", "550 blocked using a DNS list", BounceKind.REFUSED),
        (
            "5.1.1",
            "550 5.1.1 refused by recipient preferences",
            BounceKind.REFUSED,
        ),
        ("5.7.26", "550 5.7.26 this mail fails DMARC", BounceKind.REFUSED),
        ("5.3.4", "552 message too large", BounceKind.REFUSED),
        (
            "5.1.8",
            "550 5.1.8 sender address rejected: unknown",
            BounceKind.REFUSED,
        ),
        ("4.4.1", "connection timed out", BounceKind.TEMPORARY),
        ("5.4.6", "routing loop", BounceKind.TEMPORARY),
        ("5.2.1", "550 5.2.1 this account is suspended", BounceKind.TEMPORARY),
        ("5.0.0", "", BounceKind.REFUSED),
    ],
)
def test_fields_for_machines_say_why(
    status: str, said: str, kind: BounceKind
) -> None:
    explanation = _explain(in_fields(failed(status, said)))
    assert explanation.kind is kind
    assert explanation.recipients == (Recipient(READER, kind, status),)


def test_each_recipient_has_their_own_reason() -> None:
    explanation = _explain(
        in_fields(
            failed("5.1.1", "550 user unknown", "gone@example.org"),
            failed("5.2.2", "552 mailbox full", "full@example.org"),
        )
    )
    assert _kinds(explanation) == {
        "gone@example.org": BounceKind.DEAD,
        "full@example.org": BounceKind.FULL,
    }


def test_the_reader_is_the_one_who_was_mailed_not_where_they_forward_to() -> (
    None
):
    fields = f"Original-Recipient: rfc822; {READER}\n" + failed(
        "5.1.1", "550 user unknown", "old@example.net"
    )
    assert _kinds(_explain(in_fields(fields))) == {READER: BounceKind.DEAD}


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_not_a_failure(action: str) -> None:
    report = in_fields(failed("2.0.0", "250 ok", action=action))
    assert _explain(report).kind is BounceKind.OTHER


def test_what_is_only_delayed_is_never_dead() -> None:
    report = in_fields(failed("4.1.1", "450 user unknown", action="delayed"))
    assert _explain(report).kind is BounceKind.TEMPORARY


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (f"<{READER}>:\nRemote host said: 550 user unknown", BounceKind.DEAD),
        (f"  {READER}\n    host mx said:\n    mailbox full", BounceKind.FULL),
        (
            f"Delivery to {READER} failed: 554 message is spam",
            BounceKind.REFUSED,
        ),
        (f"Could not be delivered for 5 days:\n{READER}", BounceKind.TEMPORARY),
        (f"Unknown user: {READER}", BounceKind.DEAD),
        (f"Empfänger unbekannt: {READER}", BounceKind.DEAD),
        (f"{READER}\nLa boîte du destinataire est pleine.", BounceKind.FULL),
        (f"{READER}: la cuenta no existe", BounceKind.DEAD),
        (f"{READER}: l'indirizzo non esiste", BounceKind.DEAD),
        (f"{READER}: 550 пользователь не найден", BounceKind.DEAD),
        (f"{READER}: почтовый ящик переполнен", BounceKind.FULL),
        (f"{READER}: kullanıcı bulunamadı", BounceKind.DEAD),
        (f"{READER}\n收件人邮箱不存在", BounceKind.DEAD),
        (f"{READER}\n对方邮箱已满", BounceKind.FULL),
        (f"{READER}\nメールアドレスが見つかりませんでした", BounceKind.DEAD),
    ],
)
def test_words_for_people_say_why_in_many_languages(
    words: str, kind: BounceKind
) -> None:
    explanation = _explain(in_words(f"It could not be delivered.\n\n{words}"))
    assert _kinds(explanation) == {READER: kind}


def test_a_header_for_failed_recipients_names_them() -> None:
    header = f"{MACHINE}X-Failed-Recipients: {READER}\n"
    mail = in_words("Undeliverable: user unknown.", header)
    assert _kinds(_explain(mail)) == {READER: BounceKind.DEAD}


def test_only_so_much_is_read_of_a_report_that_names_thousands() -> None:
    names = ", ".join(f"reader{number}@example.org" for number in range(150))
    mail = in_words("x", f"{MACHINE}X-Failed-Recipients: {names}\n")
    assert len(_explain(mail).recipients) == 100


def test_without_an_address_in_the_words_the_returned_header_names_the_reader() -> (
    None
):
    mail = in_words("Your message could not be delivered: user unknown.")
    assert _kinds(_explain(mail)) == {READER: BounceKind.DEAD}


def test_words_for_a_missing_user_before_any_recipient_are_about_the_sender() -> (
    None
):
    words = (
        f"{READER}: 550 user unknown (in reply to MAIL FROM command)",
        f"While talking to mx.example.org:\n>>> MAIL From:<b@example.com>\n<<< 550 unknown user\n"
        f"554 <{READER}>... failed",
    )
    for each in words:
        text = f"It could not be delivered.\n\n{each}"
        assert _explain(in_words(text)).kind is BounceKind.REFUSED


def test_an_email_to_oneself_may_come_back() -> None:
    text = "It could not be delivered.\n<bounces@example.com>: mailbox full"
    mail = _explain(in_words(text, returned="Subject: Hello\n"))
    assert _kinds(mail) == {"bounces@example.com": BounceKind.FULL}


def test_a_file_that_a_program_misses_is_not_a_missing_reader() -> None:
    words = f"It could not be delivered.\n{READER}: no such file or directory"
    assert _explain(in_words(words)).kind is BounceKind.TEMPORARY


def test_links_and_addresses_give_no_reason() -> None:
    words = "It could not be delivered.\n<user-unknown@example.org>: see https://example.net/mailbox-full"
    assert _kinds(_explain(in_words(words))) == {
        "user-unknown@example.org": BounceKind.OTHER
    }


def test_a_mail_system_may_attach_the_report_of_another() -> None:
    inner = in_fields(failed("5.1.1", "550 user unknown"))
    mail = (
        f"{MACHINE}Content-Type: multipart/mixed; boundary=outer\n\n"
        "--outer\n\nDelivery failed.\n--outer\nContent-Type: message/rfc822\n\n"
        f"{inner}\n--outer--\n"
    )
    assert _kinds(_explain(mail)) == {READER: BounceKind.DEAD}


def test_a_report_may_quote_the_returned_email() -> None:
    quoted = "> Received: from unknown\n>  by mx\n> To: other@example.net\n"
    words = f"Could not deliver to {READER}: mailbox full\n{quoted}"
    assert _kinds(_explain(f"{MACHINE}\n{words}")) == {READER: BounceKind.FULL}


def test_encoded_reports_are_decoded() -> None:
    words = f"Die Mail konnte nicht zugestellt werden.\n{READER}: Empfänger unbekannt"
    body = base64.encodebytes(words.encode("latin-1")).decode()
    header = (
        f"{MACHINE}Content-Type: text/plain; charset=iso-8859-1\n"
        "Content-Transfer-Encoding: base64\n"
    )
    assert _kinds(_explain(f"{header}\n{body}")) == {READER: BounceKind.DEAD}


@pytest.mark.parametrize("kind", ["abuse", "fraud", "opt-out", "other"])
def test_a_feedback_report_is_a_complaint(kind: str) -> None:
    assert _explain(complaint(kind)) == Explanation(
        BounceKind.COMPLAINT,
        (Recipient(READER, BounceKind.COMPLAINT),),
        (TOKEN,),
    )


@pytest.mark.parametrize("kind", ["auth-failure", "not-spam"])
def test_other_feedback_is_not_a_complaint(kind: str) -> None:
    assert _explain(complaint(kind)) == Explanation(
        BounceKind.OTHER, (), (TOKEN,)
    )


def test_a_complaint_without_a_feedback_report_names_the_reader_in_its_attachment() -> (
    None
):
    mail = (
        "From: staff@mail.example.net\nSubject: complaint about message from 192.0.2.1\n"
        "Content-Type: message/rfc822\n\n"
        f"X-HmXmrOriginalRecipient: {READER}\n{RETURNED}\nWords\n"
    )
    assert _kinds(_explain(mail)) == {READER: BounceKind.COMPLAINT}


@pytest.mark.parametrize(
    ("subject", "more"),
    [
        ("Re: The Weekly Brief", "Auto-Submitted: auto-replied\n"),
        ("Re: The Weekly Brief", "X-Autoreply: yes\n"),
        ("Re: The Weekly Brief", "Precedence: auto_reply\n"),
        ("Out of Office: The Weekly Brief", ""),
        ("Abwesenheitsnotiz: The Weekly Brief", ""),
        ("Réponse automatique : The Weekly Brief", ""),
        ("自动回复: The Weekly Brief", ""),
        ("Automatisk svar: The Weekly Brief", ""),
        ("Automatikus válasz: The Weekly Brief", ""),
        ("Αυτόματη απάντηση: The Weekly Brief", ""),
        ("پاسخ خودکار: The Weekly Brief", ""),
        ("ئاپتوماتىك جاۋاب: The Weekly Brief", ""),
    ],
)
def test_an_answer_of_a_readers_program_is_not_a_bounce(
    subject: str, more: str
) -> None:
    text = "I have left; this address doesn't exist any more. User unknown."
    for null in ("", "Return-Path: <>\n"):
        mail = _explain(letter(text, subject, null + more))
        assert mail == Explanation(BounceKind.AUTOMATIC)


def test_the_email_by_which_apples_programs_unsubscribe_is_the_readers() -> (
    None
):
    more = "Auto-Submitted: auto-replied\nX-Apple-Unsubscribe: true\n"
    mail = letter("This program asks to unsubscribe.", TOKEN, more)
    assert _explain(mail) == Explanation(BounceKind.NONE)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: The Weekly Brief", "Please take me off. My mailbox is full."),
        ("550 5.1.1 user unknown", "What does this mean? 550 user unknown"),
        (
            "Fwd: Undelivered Mail Returned to Sender",
            in_fields(failed("5.1.1", "550 user unknown")),
        ),
        (
            "Undelivered Mail Returned to Sender",
            "\n> ".join(in_words(f"{READER}: user unknown").split("\n")),
        ),
    ],
)
def test_a_person_who_writes_about_a_bounce_sends_none(
    subject: str, text: str
) -> None:
    assert _explain(letter(text, subject)) == Explanation(BounceKind.NONE)


def test_a_person_who_attaches_a_bounce_sends_none() -> None:
    mail = (
        f"From: {READER}\nSubject: Fwd: Undelivered Mail\n"
        "Content-Type: multipart/mixed; boundary=outer\n\n"
        "--outer\n\nI got this.\n--outer\nContent-Type: message/rfc822\n\n"
        f"{in_fields(failed('5.1.1', '550 user unknown'))}\n--outer--\n"
    )
    assert _explain(mail).kind is BounceKind.NONE


@pytest.mark.parametrize("sender", ["Mail Administrator", "System", "IT Desk"])
def test_spam_that_speaks_of_undelivered_mail_is_about_nobody(
    sender: str,
) -> None:
    mail = (
        f'From: "{sender}" <win@spam.example>\nTo: brief@example.com\n'
        "Subject: Delivery failed: 5 messages are waiting\n\n"
        "Your mail could not be delivered, since the mailbox of brief@example.com is full.\n"
    )
    assert _explain(mail).recipients == ()
    assert _explain(mail).kind in {BounceKind.NONE, BounceKind.OTHER}


@pytest.mark.parametrize(
    "sender", ["mailer@parcels.example", "Mail Delivery <a@parcels.example>"]
)
def test_a_parcel_that_wasnt_delivered_is_not_a_returned_email(
    sender: str,
) -> None:
    mail = (
        f"From: {sender}\nTo: brief@example.com\nSubject: Delivery failed\n\n"
        f"Your parcel was not delivered: address not found. Ask {READER}.\n"
    )
    assert _explain(mail) == Explanation(BounceKind.NONE)


@pytest.mark.parametrize(
    ("content_type", "part"),
    [
        (
            "multipart/report; report-type=disposition-notification",
            "message/disposition-notification",
        ),
        ("multipart/report; report-type=tlsrpt", "application/tlsrpt+gzip"),
    ],
)
def test_receipts_and_reports_are_not_bounces(
    content_type: str, part: str
) -> None:
    mail = (
        f"{MACHINE}Content-Type: {content_type}; boundary=b1\n\n"
        f"--b1\n\nDelivery failed.\n--b1\nContent-Type: {part}\n\n"
        f"Final-Recipient: rfc822; {READER}\n--b1--\n"
    )
    assert _explain(mail) == Explanation(BounceKind.OTHER)


@pytest.mark.parametrize(
    "sender",
    [
        "",
        "<>",
        "MAILER-DAEMON",
        '"Mail Delivery" <MAILER-DAEMON>',
        "Postmaster <postmaster@example.net>",
        "System Administrator <it@example.net>",
        "smtp_gateway@example.net",
    ],
)
def test_mail_systems_are_known_by_their_addresses_and_names(
    sender: str,
) -> None:
    header = f"From: {sender}\nTo: b@example.com\nSubject: Delivery failure\n"
    mail = in_words(f"Could not deliver to {READER}: unknown user", header)
    assert _kinds(_explain(mail)) == {READER: BounceKind.DEAD}


@pytest.mark.parametrize(
    "subject",
    [
        "Unzustellbar: The Weekly Brief",
        "Non remis : The Weekly Brief",
        "Toimitus epäonnistui: The Weekly Brief",
        "Kohaletoimetamatu: The Weekly Brief",
        "Αδυναμία παράδοσης: The Weekly Brief",
        "تعذر التسليم: The Weekly Brief",
    ],
)
def test_subjects_of_returned_mail_are_known_in_many_languages(
    subject: str,
) -> None:
    header = f"From: MAILER-DAEMON@mx.example.net\nSubject: {subject}\n"
    mail = in_words(f"{READER}\nx", header)
    assert _kinds(_explain(mail)) == {READER: BounceKind.OTHER}


@pytest.mark.parametrize(
    "null", ["<>", "<MAILER-DAEMON>", "<mailer-daemon@example.net>"]
)
def test_an_empty_sender_and_the_right_words_are_enough(null: str) -> None:
    header = (
        f"Return-Path: {null}\nFrom: it@example.net\nSubject: Undeliverable\n"
    )
    mail = in_words(f"Could not deliver to {READER}: unknown user", header)
    assert _kinds(_explain(mail)) == {READER: BounceKind.DEAD}


def test_the_line_that_repeats_whom_the_email_was_for_names_the_reader_only_if_no_other_does() -> (
    None
):
    start = "Your message\n  To: list@example.com\n"
    reached = f"{start}did not reach {READER}: unknown recipient"
    alone = f"{start}could not be delivered: unknown recipient"
    assert _kinds(_explain(in_words(reached))) == {READER: BounceKind.DEAD}
    assert _kinds(_explain(in_words(alone))) == {
        "list@example.com": BounceKind.DEAD
    }


def test_tokens_come_from_the_returned_header_and_from_the_emails_own_address() -> (
    None
):
    other = TOKEN[::-1]
    header = MACHINE.replace("bounces@", f"bounces+{other}@")
    mail = in_words(f"Undeliverable: {READER}: user unknown", header)
    assert _explain(mail).tokens == (other, TOKEN)


def test_a_token_is_neither_part_of_a_longer_number_nor_of_any_text() -> None:
    returned = RETURNED.replace(TOKEN, TOKEN + "0") + f"X-Id: {TOKEN}\n"
    mail = in_words(f"Undeliverable: {TOKEN}", returned=returned)
    assert _explain(mail).tokens == ()


SAMPLES = [
    in_fields(failed("5.1.1", "550 user unknown")),
    in_words(f"It could not be delivered.\n<{READER}>: user unknown"),
    complaint(),
    letter("Hello"),
]


@given(st.binary(max_size=2000))
def test_any_bytes_are_explained(data: bytes) -> None:
    assert explain(data).kind in BounceKind


@given(
    st.sampled_from(SAMPLES),
    st.integers(0, 1500),
    st.integers(0, 200),
    st.binary(max_size=50),
)
def test_a_damaged_email_is_explained(
    mail: str, start: int, length: int, instead: bytes
) -> None:
    data = mail.encode()
    damaged = data[:start] + instead + data[start + length :]
    assert explain(damaged).kind in BounceKind


@given(st.sampled_from(SAMPLES), st.sampled_from(["\r\n", "\r"]))
def test_line_ends_make_no_difference(mail: str, end: str) -> None:
    assert _explain(mail.replace("\n", end)) == _explain(mail)


def test_a_child_process_gives_the_same_answer() -> None:
    for mail in (*SAMPLES, ""):
        data = mail.encode()
        assert explain_in_child(data) == explain(data)


def test_an_email_that_takes_too_long_is_about_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def take_too_long(*_arguments: object, **_options: object) -> None:
        raise LimitError("the email", "takes too long; read it yourself")

    monkeypatch.setattr(explaining, "run_limited", take_too_long)
    assert explain_in_child(b"") == Explanation(BounceKind.OTHER)
