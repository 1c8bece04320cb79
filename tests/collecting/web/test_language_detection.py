"""The language: the declared one, unless the text contradicts it."""

import pytest

from briefing.collecting.web.language_detection import detect_language
from tests.collecting.web.pages import FIRST, SECOND, json_ld, meta, page

GERMAN = (
    "Der Rat der Stadt hat am Montag beschlossen, die Bücherei zu schließen, und niemand ist dazu gefragt worden,"
    " wie es heißt."
)
TURKISH = (
    "Kütüphane bu yıl kapatılacak ve bu karar için kimseye bir şey sorulmadı, ama okurlar daha çok şey olduğu kadar"
    " var olan da ne ise."
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{FIRST} {SECOND}", "en"),
        (GERMAN, "de"),
        (TURKISH, "tr"),
        (
            "La bibliothèque est fermée, et dans cette ville les lecteurs ne sont pas contents de ce que le maire dit.",
            "fr",
        ),
        (
            "La biblioteca de la ciudad ha sido cerrada por el consejo y los lectores no están de acuerdo con él.",
            "es",
        ),
        (
            "A biblioteca da cidade foi fechada pelo conselho e os leitores não estão de acordo, mas o que se faz?",
            "pt",
        ),
        ("图书馆在星期一被镇议会关闭，没有人被问过这个计划。", "zh"),
        ("図書館は月曜日に町議会によって閉鎖されました。", "ja"),
        ("図書館（도서관）は月曜日に町議会によって閉鎖されました。", "ja"),
        (
            "도서관은 월요일에 읍의회에 의해 폐쇄되었습니다. 아무도 묻지 않았습니다.",
            "ko",
        ),
        (
            "كۈتۈپخانا دۈشەنبە كۈنى تاقالدى، ھېچكىمدىن سورالمىدى ۋە بۇ قارار ئېلان قىلىندى.",
            "ug",
        ),
        (
            "أغلقت المكتبة يوم الاثنين ولم يسأل أحد عن هذا القرار الذي اتخذه المجلس.",
            "ar",
        ),
        (
            "کتابخانه روز دوشنبه بسته شد و هیچ کس درباره این تصمیم پرسیده نشد، گفتند چرا.",
            "fa",
        ),
        (
            "Библиотека закрыта в понедельник, и никого не спросили об этом решении совета.",
            "ru",
        ),
        (
            "Бібліотеку закрили в понеділок, і нікого не запитали про це рішення її ради.",
            "uk",
        ),
        ("དཔེ་མཛོད་ཁང་གཟའ་ཟླ་བར་སྒོ་བརྒྱབ་པ་རེད།", "bo"),
    ],
)
def test_the_text_overrules_a_wrong_declaration(text: str, code: str) -> None:
    assert detect_language(page(f"<p>{text}</p>", attributes=""), text) == (
        code,
        True,
    )
    wrong = "fi" if code != "fi" else "en"
    assert (
        detect_language(
            page(f"<p>{text}</p>", attributes=f' lang="{wrong}"'), text
        )[0]
        == code
    )


@pytest.mark.parametrize(
    ("attributes", "head", "code"),
    [
        (' lang="de-AT"', "", "de"),
        (' xml:lang="de"', "", "de"),
        ("", meta("og:locale", "de_DE"), "de"),
        ("", '<meta http-equiv="content-language" content="de">', "de"),
        ("", json_ld('{"@type": "Article", "inLanguage": "de"}'), "de"),
        (' lang="nb-NO"', "", "no"),
        (' lang="iw"', "", "he"),
        (' lang="{{ lang }}"', meta("og:locale", "de_DE"), "de"),
    ],
)
def test_where_the_text_is_too_short_the_declaration_decides(
    attributes: str, head: str, code: str
) -> None:
    assert detect_language(
        page("<p>OK</p>", head, attributes=attributes), "OK"
    ) == (
        code,
        True,
    )


def test_contradictory_declarations_are_uncertain_and_without_any_there_is_none() -> (
    None
):
    assert detect_language(
        page("<p>OK</p>", meta("og:locale", "en_US"), attributes=' lang="de"'),
        "OK",
    ) == (
        "de",
        False,
    )
    assert detect_language(page(attributes=""), "") == ("", False)


def test_a_word_that_a_list_of_common_words_has_twice_counts_once() -> None:
    names = " ".join(f"Aberville{'b' * number}" for number in range(22))
    text = f"{names} ovat ovat"
    assert detect_language(page(attributes=""), text) == ("fi", False)


def test_between_close_neighbours_the_declaration_decides() -> None:
    text = "Biblioteket er lukket, og det er ikke til at forstå for dem, som har været der, men de kan ikke gøre noget."
    assert detect_language(page(attributes=' lang="da"'), text) == ("da", True)
    assert detect_language(page(attributes=' lang="no"'), text) == ("no", True)
    kyrgyz = "Китепкана дүйшөмбүдө жабылды, бул чечим жөнүндө эч кимден сурашкан жок."
    assert detect_language(page(attributes=' lang="ky"'), kyrgyz) == (
        "ky",
        True,
    )
