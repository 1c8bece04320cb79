"""Phrases of servers, and how they are compared with what a server says."""

import tomllib
from pathlib import Path

import pytest

from briefing.bounces import wording
from briefing.bounces.kinds import BounceKind
from briefing.bounces.wording import (
    GAP,
    NEAR,
    certain_kind,
    comparable,
    contains,
    is_near,
    vague_kind,
)


@pytest.mark.parametrize(
    ("said", "compared"),
    [
        ("550 5.1.1 <a@example.org>... User Unknown", " ... user unknown "),
        ("550-5.7.1 Not\n550 5.7.1 allowed", " not allowed "),
        ("see https://example.org/full for it", " see for it "),
        ("account doesn’t  exist", " account does not exist "),
        ("Ｆｕｌｌ", " full "),
    ],
)
def test_codes_addresses_and_links_are_left_out(
    said: str, compared: str
) -> None:
    assert comparable(said) == compared


def test_an_ellipsis_stands_for_a_few_words() -> None:
    phrase = "mailbox … full"
    assert contains("the mailbox of this reader is full", phrase)
    assert contains("no mailbox, this mailbox is full", phrase)
    assert contains("mailbox" + "." * GAP + "full", phrase)
    assert not contains("mailbox" + "." * (GAP + 1) + "full", phrase)
    assert not contains("full of mailboxes", phrase)


def test_words_count_near_others_in_the_same_sentence() -> None:
    of = ("mailbox", "inbox")
    assert is_near("the mailbox is full", "full", of)
    assert is_near("full is the inbox", "full", of)
    assert is_near("full. full mailbox", "full", of)
    assert not is_near("a mailbox. the disk is full", "full", of)
    assert not is_near("mailbox" + "." * NEAR + "full", "full", of)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("the account could not be found", BounceKind.DEAD),
        ("der Empfänger ist leider unbekannt", BounceKind.DEAD),
        ("l'adresse du destinataire n'a pas été trouvée", BounceKind.DEAD),
        ("no se encontró el buzón", BounceKind.DEAD),
        ("адресат не существует", BounceKind.DEAD),
        ("alıcı adresi bulunamadı", BounceKind.DEAD),
        ("收件人的邮箱不存在", BounceKind.DEAD),
        ("宛先のアドレスは存在しません", BounceKind.DEAD),
        ("l'utilisateur est inexistant", BounceKind.DEAD),
        ("el buzón es inexistente", BounceKind.DEAD),
        ("destinatário inválido", BounceKind.DEAD),
        ("onbekende ontvanger", BounceKind.DEAD),
        ("nie ma takiego użytkownika", BounceKind.DEAD),
        ("такого пользователя нет", BounceKind.DEAD),
        ("непознат потребител", BounceKind.DEAD),
        ("geçersiz alıcı", BounceKind.DEAD),
        ("Kullanici bulunamadi", BounceKind.DEAD),
        ("ukjent mottaker", BounceKind.DEAD),
        ("tuntematon vastaanottaja", BounceKind.DEAD),
        ("ismeretlen címzett", BounceKind.DEAD),
        ("nepoznat korisnik", BounceKind.DEAD),
        ("utilizator necunoscut", BounceKind.DEAD),
        ("neznámy používateľ", BounceKind.DEAD),
        ("άγνωστος παραλήπτης", BounceKind.DEAD),
        ("pengguna tidak ditemukan", BounceKind.DEAD),
        ("kasutajat ei leitud", BounceKind.DEAD),
        ("收件人地址错误", BounceKind.DEAD),
        ("查无此人", BounceKind.DEAD),
        ("メールアドレスが間違っています", BounceKind.DEAD),
        ("der Posteingang ist voll", BounceKind.FULL),
        ("в почтовом ящике нет места", BounceKind.FULL),
        ("a caixa excedeu o limite", BounceKind.FULL),
        ("скринька переповнена", BounceKind.FULL),
        ("收件箱容量已满", BounceKind.FULL),
        ("صندوق گیرنده پر است", BounceKind.FULL),
        ("indbakken er fuld", BounceKind.FULL),
        ("postilaatikko on täynnä", BounceKind.FULL),
        ("a postafiók megtelt", BounceKind.FULL),
        ("căsuța este plină", BounceKind.FULL),
        ("το γραμματοκιβώτιο είναι γεμάτο", BounceKind.FULL),
        ("תיבת הדואר מלאה", BounceKind.FULL),
        ("postkast on täis", BounceKind.FULL),
        ("почтовый ящик переполнен", BounceKind.FULL),
        ("no PTR record was found for your IP address", BounceKind.REFUSED),
        ("your IP address was not found", None),
    ],
)
def test_sentences_of_many_languages(
    said: str, kind: BounceKind | None
) -> None:
    assert certain_kind(said) is kind


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("the user can't be found", BounceKind.DEAD),
        ("the user cannot be found", BounceKind.DEAD),
        ("the account doesn't exist", BounceKind.DEAD),
        ("RECIPIENT_NOT_FOUND", BounceKind.DEAD),
        ("his mail-box is full", BounceKind.FULL),
    ],
)
def test_spellings_make_no_difference(said: str, kind: BounceKind) -> None:
    assert certain_kind(said) is kind


@pytest.mark.parametrize("strength", ["certain", "vague"])
def test_phrases_have_the_usual_spelling(strength: str) -> None:
    path = Path(wording.__file__).with_name("reasons.toml")
    groups = tomllib.loads(path.read_text(encoding="utf-8"))[strength]
    for group in groups:
        for phrase in [*group.get("phrases", ()), *group.get("says", ())]:
            for piece in phrase.split("…"):
                assert comparable(piece).strip() == piece.strip()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Der Absender wurde abgelehnt", BounceKind.REFUSED),
        ("l'expéditeur est inconnu ici", BounceKind.REFUSED),
        ("адрес отправителя не существует", BounceKind.REFUSED),
        ("发件人地址无效", BounceKind.REFUSED),
        (
            "Information für den Absender. Der Empfänger existiert nicht",
            BounceKind.DEAD,
        ),
        ("Estimado remitente. El usuario no existe", BounceKind.DEAD),
        ("发件人的邮件无法送达。收件人不存在", BounceKind.DEAD),
        ("送信者にお返しします。宛先が存在しません", BounceKind.DEAD),
    ],
)
def test_a_sentence_is_about_the_sender_only_if_it_says_what_is_wrong_with_them(
    said: str, kind: BounceKind
) -> None:
    assert certain_kind(said) is kind


def test_an_email_that_was_deleted_is_not_a_deleted_account() -> None:
    assert certain_kind("письмо будет удалено") is None
    assert certain_kind("почтовый ящик удален") is BounceKind.DEAD


def test_what_is_said_of_the_sender_comes_before_what_is_said_of_the_reader() -> (
    None
):
    assert certain_kind("sender rejected: user unknown") is BounceKind.REFUSED
    assert certain_kind("recipient rejected: user unknown") is BounceKind.DEAD


def test_a_word_that_may_mean_a_passing_fault_is_read_by_its_code() -> None:
    said = "mailbox unavailable"
    assert certain_kind(said) is None
    assert vague_kind(said, temporary=False) is BounceKind.DEAD
    assert vague_kind(said, temporary=True) is None


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("5.4.1 recipient address rejected: access denied", BounceKind.DEAD),
        ("5.7.1 recipient address rejected: access denied", BounceKind.DEAD),
        ("5.7.1 sender rejected: access denied", BounceKind.REFUSED),
        ("5.7.1 access denied", None),
        ("15.7.1 recipient address rejected: access denied", None),
        ("5.7.10 recipient address rejected: access denied", None),
        ("5.1.0 address rejected", BounceKind.DEAD),
        ("15.1.0 address rejected", None),
        ("5.1.01 address rejected", None),
        ("5.4.4 malformed or unexpected name server reply", BounceKind.DEAD),
        (
            "4.4.4 malformed or unexpected name server reply",
            BounceKind.TEMPORARY,
        ),
    ],
)
def test_some_words_have_a_meaning_only_beside_a_code(
    said: str, kind: BounceKind | None
) -> None:
    assert certain_kind(said) is kind


@pytest.mark.parametrize(
    "said",
    [
        "550 5.1.7 invalid address",
        "553 5.1.8 this domain does not exist",
        "550 5.7.25 no such host",
        "550 the sender's host has a null MX",
        "500 command not recognized",
        "the sender address is unknown",
        "your mail server is unknown here",
        "your domain does not exist",
        "the From address is invalid",
        "no mail from unknown hosts",
    ],
)
def test_what_is_only_about_the_sender(said: str) -> None:
    assert certain_kind(said) is BounceKind.REFUSED


def test_the_code_may_be_given_elsewhere() -> None:
    said = "recipient address rejected: access denied"
    assert certain_kind(said, "5.7.1") is BounceKind.DEAD
    assert certain_kind(said, "15.7.1") is None


@pytest.mark.parametrize(
    "said",
    [
        "Our anti-virus has looked at this mail",
        "It was scanned for all viruses and is virus-free",
        "Received from unknown [192.0.2.1]",
        "from unknown",
        "for an unknown reason",
        "unknown permanent failure",
        "Result -1 (Unknown)",
        "192.0.2.1 does not like recipient",
        "Copying this mail is strictly prohibited",
    ],
)
def test_words_that_give_no_reason(said: str) -> None:
    assert certain_kind(said) is None
    assert vague_kind(said, temporary=False) is None


@pytest.mark.parametrize(
    "link",
    [
        "https://www.spamhaus.org/query/ip/192.0.2.1",
        "https://mx.example.net/blacklist?192.0.2.1",
    ],
)
def test_a_link_to_a_block_list_is_a_reason(link: str) -> None:
    assert certain_kind(f"550 5.1.3 {link}") is BounceKind.REFUSED


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("postponed because of a full mailbox", BounceKind.FULL),
        ("example.org has no valid MX", BounceKind.DEAD),
        ("since this domain is not reachable", BounceKind.DEAD),
        (
            "the account or domain may not exist or be blacklisted",
            BounceKind.DEAD,
        ),
        ("this sender is not pre-approved by the reader", BounceKind.OTHER),
        ("your mail wasn't taken: UserUnknown", BounceKind.DEAD),
        ("this reader is not an active one", BounceKind.DEAD),
        ("the address is not registered", BounceKind.DEAD),
        ("ann has been replaced by bea", BounceKind.DEAD),
        ("this mailbox is not present here", BounceKind.DEAD),
        ("ann is in my badrcptto list", BounceKind.DEAD),
        ("nessun utente con questo nome", BounceKind.DEAD),
        ("no existe tal persona", BounceKind.DEAD),
        ("the reader has too many messages on this server", BounceKind.FULL),
        ("all space of this reader is used up", BounceKind.FULL),
        ("das Speichervolumen ist ueberschritten", BounceKind.FULL),
        ("the domain example.org doesn't accept mail", BounceKind.DEAD),
        ("this host does not accept any email", BounceKind.DEAD),
        ("RCPT: user ann is not OK", BounceKind.DEAD),
        ("we do not accept mail from you", BounceKind.REFUSED),
        ("ann doesn't accept email in other scripts", BounceKind.REFUSED),
        ("ann doesn't accept mail that has pictures", BounceKind.REFUSED),
    ],
)
def test_certain_phrases(said: str, kind: BounceKind) -> None:
    assert certain_kind(said) is kind


@pytest.mark.parametrize(
    "said",
    ["no valid recipients", "invalid domain", "recipient verify failed"],
)
def test_what_follows_from_other_faults_too_is_vague(said: str) -> None:
    assert certain_kind(said) is None
    assert vague_kind(said, temporary=False) is BounceKind.DEAD
    assert (
        vague_kind(f"rejected; {said}", temporary=False) is BounceKind.REFUSED
    )


@pytest.mark.parametrize(
    "said",
    [
        "your server is not listed in our allow list",
        "the policy could not be found",
        "this type of attachment is not recognized",
        "unable to find your host in a list",
        "this is not a valid certificate",
        "invalid email headers",
        "we are no longer accepting mail from you",
        "there are no matching ciphers",
    ],
)
def test_what_is_said_of_other_things_than_a_reader(said: str) -> None:
    assert certain_kind(said) is not BounceKind.DEAD


def test_a_connection_that_breaks_may_work_later() -> None:
    said = "the connection was dropped"
    assert vague_kind(said, temporary=False) is BounceKind.TEMPORARY
