"""The encodings of reports that declare none."""

import pytest

from briefing.bounces.explaining import explain
from briefing.bounces.kinds import BounceKind
from briefing.bounces.undeclared import likely_encoding
from tests.bounces.samples import MACHINE, READER

_SENTENCES = {
    "euc_jp": "宛先のメールアドレスが見つかりませんでした。ご確認ください。",
    "shift_jis": "宛先のメールアドレスが見つかりませんでした。ご確認ください。",
    "gb18030": "收件人的邮箱不存在，请核对地址后再次发送。",
    "euc_kr": "받는 사람의 주소를 찾을 수 없습니다. 다시 확인하십시오.",
    "koi8_r": "Пользователь не найден. Проверьте адрес получателя.",
    "cp1251": "Пользователь не найден. Проверьте адрес получателя.",
}


@pytest.mark.parametrize(("encoding", "sentence"), _SENTENCES.items())
def test_letters_show_the_encoding(encoding: str, sentence: str) -> None:
    data = f"Delivery failed.\n\n{sentence}\n{READER}\n".encode(encoding)
    assert likely_encoding(data, "") == encoding
    assert likely_encoding(data, "US-ASCII") == encoding
    assert likely_encoding(data, "iso-8859-2") == ""


@pytest.mark.parametrize(
    ("sentence", "encoding"),
    [
        ("L'adresse du destinataire n'a pas été trouvée à cet hôte", "cp1252"),
        ("Die Größe des Postfachs überschreitet die Grenze", "cp1252"),
        (
            "Kullanıcı bulunamadı, lütfen adresi yeniden gözden geçirin",
            "cp1254",
        ),
        ("The user is unknown", "ascii"),
        ("", "ascii"),
    ],
)
def test_a_latin_alphabet_shows_none(sentence: str, encoding: str) -> None:
    assert likely_encoding(sentence.encode(encoding) * 5, "") == ""


@pytest.mark.parametrize(("encoding", "sentence"), _SENTENCES.items())
@pytest.mark.parametrize("charset", ["", "; charset=iso-2022-jp"])
def test_a_report_in_such_an_encoding_is_understood(
    encoding: str, sentence: str, charset: str
) -> None:
    header = f"{MACHINE}Content-Type: text/plain{charset}\n"
    words = f"Your mail could not be delivered.\n{READER}\n{sentence}"
    mail = explain(header.encode() + b"\n" + words.encode(encoding))
    assert [each.kind for each in mail.recipients] == [BounceKind.DEAD]
