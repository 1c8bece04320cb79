"""What codes and phrases of servers mean for the reader."""

import tomllib
from pathlib import Path

import pytest

from briefing.bounces import reasons
from briefing.bounces.kinds import BounceKind
from briefing.bounces.reasons import (
    GAP,
    NEAR,
    comparable,
    contains_any,
    is_near,
    kind_of_phrases,
    kind_of_reply,
    kind_of_status,
)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("5.1.1", BounceKind.DEAD),
        ("4.1.1", BounceKind.TEMPORARY),
        ("5.2.2", BounceKind.FULL),
        ("4.2.2", BounceKind.FULL),
        ("5.7.509", BounceKind.REFUSED),
        ("5.0.0", None),
        ("5.5.0", None),
        ("2.1.5", None),
        ("192.0.2.1", None),
        ("5.1.1.example.org", None),
        ("5.0.0 and then 5.1.1", BounceKind.DEAD),
    ],
)
def test_enhanced_codes(status: str, kind: BounceKind | None) -> None:
    assert kind_of_status(status) is kind


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("550 no", BounceKind.REFUSED),
        ("451 no", BounceKind.TEMPORARY),
        ("451 no, later 550 no", BounceKind.REFUSED),
        ("5.0.0", BounceKind.REFUSED),
        ("port 5500", None),
    ],
)
def test_replies(said: str, kind: BounceKind | None) -> None:
    assert kind_of_reply(said) is kind


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
    phrases = ["mailbox … full"]
    assert contains_any("the mailbox of this reader is full", phrases)
    assert contains_any("no mailbox, this mailbox is full", phrases)
    assert contains_any("mailbox" + "." * GAP + "full", phrases)
    assert not contains_any("mailbox" + "." * (GAP + 1) + "full", phrases)
    assert not contains_any("full of mailboxes", phrases)


def test_words_count_near_others_in_the_same_sentence() -> None:
    of = ["mailbox", "inbox"]
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
    assert kind_of_phrases("certain", said) is kind


@pytest.mark.parametrize("strength", ["certain", "vague"])
def test_phrases_have_the_usual_spelling(strength: str) -> None:
    path = Path(reasons.__file__).with_name("reasons.toml")
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
    assert kind_of_phrases("certain", said) is kind


def test_a_word_that_may_mean_a_passing_fault_is_read_by_its_code() -> None:
    said = "mailbox unavailable"
    assert kind_of_phrases("certain", said) is None
    assert kind_of_phrases("vague", said) is BounceKind.DEAD
    assert kind_of_phrases("vague", f"450 {said}") is None


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
    assert kind_of_phrases("certain", said) is kind


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
    assert kind_of_phrases("certain", said) is BounceKind.REFUSED


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
    assert kind_of_phrases("certain", said) is None
    assert kind_of_phrases("vague", said) is None


@pytest.mark.parametrize(
    "link",
    [
        "https://www.spamhaus.org/query/ip/192.0.2.1",
        "https://mx.example.net/blacklist?192.0.2.1",
    ],
)
def test_a_link_to_a_block_list_is_a_reason(link: str) -> None:
    assert kind_of_phrases("certain", f"550 5.1.3 {link}") is BounceKind.REFUSED


@pytest.mark.parametrize(
    "said",
    ["no valid recipients", "invalid domain", "recipient verify failed"],
)
def test_what_follows_from_other_faults_too_is_vague(said: str) -> None:
    assert kind_of_phrases("certain", said) is None
    assert kind_of_phrases("vague", said) is BounceKind.DEAD
    assert kind_of_phrases("vague", f"rejected; {said}") is BounceKind.REFUSED


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
    assert kind_of_phrases("certain", said) is not BounceKind.DEAD
