"""The first sentences of the text, word for word, and nothing around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collecting.web.excerpts import MAX_LENGTH
from tests.collecting.web.pages import (
    FIRST,
    SECOND,
    THIRD,
    TITLE,
    URL,
    article,
    found,
    meta,
    page,
)

PARAGRAPHS = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
TEXT = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


@pytest.mark.parametrize(
    "above",
    [
        "<p class='standfirst'>Readers protest against a decision that nobody saw coming.</p>",
        "<div class='article__dek'>Readers protest against a decision that nobody saw coming.</div>",
        "<h2>Readers protest against a decision that nobody saw coming.</h2>",
        "<figure><img src='a.jpg'><figcaption>The library of Exampleton in the rain.</figcaption></figure>",
        "<div class='photo-caption'>The library of Exampleton, as it was seen by all in the rain.</div>",
        "<p>By A. Writer, 8 October 2020</p>",
        "<p class='byline'>A. Writer reports from Exampleton on what the town decides.</p>",
        "<div class='share-bar'>Share this piece with everybody that you know. Thank you.</div>",
        "<div class='newsletter-signup'>Sign up for our letter, which comes every morning with the news.</div>",
        "<div class='cookie-banner'>We use cookies to show you what you may like best of all things.</div>",
        "<p>We use cookies. Please enable JavaScript to see this page as it was meant.</p>",
        "<p>Download a newer browser for free to see this page as it was meant to be seen.</p>",
        "<p>This post has been updated since it was first published in the Example Post.</p>",
        "<p>This article originally appeared in the Example Post.</p>",
        "<p>Let our letter meet your inbox on every morning from Monday to Friday.</p>",
        "<aside><p>Read also what happened to the library of the neighbouring town last year.</p></aside>",
        "<ul><li>Nobody had been asked about the plan.</li></ul>",
        "<p>Advertisement</p>",
        "<p>8 October 2020, 9:15<br>5 min. read</p>",
        "<p>Lesedauer: 4 Min.</p>",
        "<div><span>8. Oktober 2020 - 18:50 Uhr</span><span>Lesedauer: 4 Min.</span></div>",
    ],
)
def test_what_is_between_headline_and_text_is_left_out(above: str) -> None:
    assert found(article(above=above)).excerpt == TEXT


@pytest.mark.parametrize(
    "above",
    [
        "<ul><li>The council closed the last library of the town without asking one of its readers, who have met "
        "there on every Monday for twenty years, and of whom many live around the corner.</li></ul>",
        "<div class='image-widget__x1'><p>Pictured here is a reader of Exampleton, waiting for the mayor.</p></div>",
        "<div class='image-caption-wrapper'>The library of Exampleton, as it was seen by all in the rain.</div>",
        "<span class='caption'><p>The library of Exampleton, as it was seen by all in the rain.</p></span>",
        "<div class='tooltip-text'>This text was read by an editor, who found that all of it is true.</div>",
        "<div class='post-cta'><p>Plan your garden with us, and water it without doing anything at all.</p></div>",
        "<p>Get breaking news alerts. What matters, brought to you on weekday mornings.</p>",
        "<p>Every book that we name is independently selected. If you buy one, we may earn a commission.</p>",
        "<p>（原标题：镇上最后一座图书馆关门，没有人问过读者，他们说这座楼已经用了二十年！）</p>",
    ],
)
def test_what_stands_above_the_text_in_its_element_is_left_out(
    above: str,
) -> None:
    body = f"<h1>{TITLE}</h1><div>{above}{PARAGRAPHS}</div>"
    assert found(page(body)).excerpt == TEXT


def test_an_unnamed_dek_is_recognised_as_the_page_s_description() -> None:
    dek = (
        "Readers protest against a decision that nobody in the town saw coming."
    )
    read = article(above=f"<div>{dek}</div>", head=meta("og:description", dek))
    assert found(read).excerpt == TEXT


LEAD = "Der Gemeinderat von Beispielstadt hat am Montag beschlossen, die letzte Bibliothek zu schließen."
NEXT = (
    "Niemand sei gefragt worden, sagt eine Gruppe von Leserinnen, die sich dort seit zwanzig Jahren trifft.",
    "Der Bürgermeister kündigte an, dass das Haus noch in diesem Jahr verkauft werden soll, was auch komme.",
)
BYLINE = "<div class='byline'>Von A. Schreiber, 8. Oktober 2020</div>"


def german(above: str, *paragraphs: str) -> str:
    head = meta("og:description", LEAD)
    attributes = ' lang="de"'
    return found(
        article(*paragraphs, above=above, head=head, attributes=attributes)
    ).excerpt


@pytest.mark.parametrize(
    "above", [f"<p>{LEAD}</p>", f"<div>{LEAD}</div>{BYLINE}"]
)
def test_a_lead_that_is_the_description_is_the_news_in_most_languages(
    above: str,
) -> None:
    assert german(f"<div>{above}</div>", *NEXT) == "\n\n".join((LEAD, *NEXT))


def test_a_lead_that_the_text_repeats_is_left_out() -> None:
    repeated = LEAD.replace("am Montag", "in der Sitzung am Montag")
    assert german(f"<div>{LEAD}</div>", repeated, *NEXT).startswith(repeated)


def test_a_description_that_is_the_headline_is_no_lead() -> None:
    repeated = (
        "Exampleton schließt seine letzte Bibliothek, ohne jemanden zu fragen."
    )
    head = meta("og:title", repeated) + meta("og:description", repeated)
    body = f"<div class='video'>{repeated}</div><div><p>{LEAD}</p><p>{NEXT[0]}</p></div>"
    read = found(page(body, head, attributes=' lang="de"'))
    assert read.excerpt == f"{LEAD}\n\n{NEXT[0]}"


def test_a_line_is_left_out_if_what_it_announces_is_too_long() -> None:
    read = article(
        FIRST, SECOND, THIRD, "It went like this:", LONG_SENTENCE * 9
    )
    assert found(read).excerpt == TEXT


def test_a_text_that_a_list_interrupts_begins_at_its_beginning() -> None:
    links = "".join(
        f"<li><a href='/{n}'>Read about it: part {n}</a></li>"
        for n in "12345678"
    )
    body = f"<h1>{TITLE}</h1><div><p>{FIRST}</p><ul>{links}</ul><p>{SECOND}</p><p>{THIRD}</p></div>"
    assert found(page(body)).excerpt.startswith(FIRST)


CONTENTS = "".join(
    f"<li><a href='#{n}'>How to read on, part {n}</a></li>" for n in range(20)
)


def test_an_introduction_above_a_table_of_contents_begins_the_text() -> None:
    introduction = f"<section>{PARAGRAPHS}<p>{SECOND}</p></section>"
    above = f"{introduction}<ul>{CONTENTS}</ul>"
    read = article(*[THIRD] * 12, above=above)
    assert found(read).excerpt == f"{TEXT}\n\n{SECOND}"


def test_teasers_above_a_table_of_contents_are_not_an_introduction() -> None:
    teasers = f"<section><p>{SECOND}</p></section>" * 4
    above = f"{teasers}<ul>{CONTENTS}</ul>"
    read = article(*[THIRD] * 12, above=above)
    assert found(read).excerpt.startswith(THIRD)


LONG_SENTENCE = f"{FIRST[:-1]}, {SECOND[0].lower()}{SECOND[1:]}"


def test_a_paragraph_that_is_marked_up_as_a_heading_begins_the_text() -> None:
    body = f"<h1>{TITLE}</h1><div><h2>{LONG_SENTENCE}</h2><p>{SECOND}</p><p>{THIRD}</p></div>"
    assert found(page(body)).excerpt.startswith(f"{LONG_SENTENCE}\n\n{SECOND}")


def test_a_heading_that_is_the_cut_off_beginning_of_the_text_is_left_out() -> (
    None
):
    cut_off = f"{LONG_SENTENCE[:-1]}…"
    body = f"<h1>{TITLE}</h1><div><h2>{cut_off}</h2>{PARAGRAPHS}</div>"
    assert found(page(body)).excerpt == TEXT


def test_the_page_s_printed_address_is_not_its_text() -> None:
    above = f"<div class='print-header'>{URL}-for-good-and-nobody-was-asked-about-it-on-monday</div>"
    rows = "".join(
        f"<tr><td>{n}. Bay Harbour ({n}-1) beat Exampleton 61-42.</td></tr>"
        for n in range(4)
    )
    body = f"<div>{above}<h1>{TITLE}</h1><table>{rows}</table></div>"
    assert not found(page(body)).excerpt.startswith("https:")


def test_a_first_paragraph_that_is_also_the_description_stays() -> None:
    assert found(article(head=meta("og:description", FIRST))).excerpt == TEXT


@pytest.mark.parametrize(
    "description", [f"{FIRST[:80]}…", f"{FIRST} {SECOND[:20]}"]
)
def test_a_text_begins_with_the_paragraph_that_the_description_begins_with(
    description: str,
) -> None:
    head = meta("og:description", description)
    above = f"<div><p>{FIRST}</p></div><div>.</div><ul><li>Copy link</li></ul>"
    read = article(SECOND, THIRD, THIRD, above=above, head=head)
    assert found(read).excerpt.startswith(f"{FIRST}\n\n{SECOND}")


def test_a_paragraph_that_mentions_a_browser_can_begin_the_text() -> None:
    first = (
        "In the town's new online library, the books are read in your browser, which the council had promised to the"
        " readers of Exampleton for years, and which has now cost so much that the last building with real books and"
        " shelves is to be sold."
    )
    assert found(article(first, SECOND, THIRD)).excerpt.startswith(first)


def test_the_only_paragraph_is_the_text_even_if_it_is_the_description() -> None:
    head = meta("og:description", FIRST)
    assert found(article(FIRST, head=head)).excerpt == FIRST


@pytest.mark.parametrize("mark", ["।", "།", "።", "။"])
def test_sentences_end_with_the_marks_of_other_scripts(mark: str) -> None:
    sentence = "अदालत ने बुधवार को पुस्तकालय बंद करने के फैसले पर रोक लगा दी"
    paragraph = f"{sentence}{mark} " * 20
    read = page(f"<h1>{TITLE}</h1><p>{paragraph}</p>", attributes=' lang="hi"')
    assert found(read).excerpt.endswith(f"{sentence}{mark}")


@pytest.mark.parametrize(
    "post",
    [
        "post hentry tag-newsletter category-social-media",
        "node node-promoted",
        "node node-blog-entry comment-2",
    ],
)
def test_the_topics_and_settings_of_an_article_say_nothing_about_its_place(
    post: str,
) -> None:
    """WordPress and Drupal write them into its class."""
    text = f"<h1>{TITLE}</h1><div class='{post}'>{PARAGRAPHS}</div>"
    menu = f"<div>{'<p>Books</p>' * 200}</div>"
    assert found(page(text + menu)).excerpt == TEXT


def test_an_author_s_name_at_the_end_of_a_paragraph_is_cut_off() -> None:
    read = article(f"{FIRST} By Jo Doe-Writer", SECOND, THIRD)
    assert found(read).excerpt == TEXT


def test_an_author_and_date_at_the_end_of_a_paragraph_are_cut_off() -> None:
    read = article(f"{FIRST} By Jo Doe on Oct. 8, 2020", SECOND, THIRD)
    assert found(read).excerpt == TEXT


def test_a_dek_that_one_description_repeats_twice_is_left_out() -> None:
    dek = "Readers protest against a decision that nobody in the town saw coming at all."
    head = meta("og:description", dek) + meta("description", f"{dek} {dek}")
    read = article(above=f"<div>{dek}</div><p>By A. Writer</p>", head=head)
    assert found(read).excerpt == TEXT


def test_a_highlight_that_the_text_repeats_is_left_out() -> None:
    assert (
        found(article(above=f"<div><div>{THIRD}</div></div>")).excerpt == TEXT
    )


def test_a_text_that_is_on_the_page_twice_begins_at_its_beginning() -> None:
    body = f"<h1>{TITLE}</h1><div>{PARAGRAPHS}</div><div>{PARAGRAPHS}</div>"
    assert found(page(body)).excerpt.startswith(TEXT)


def test_a_short_first_sentence_belongs_to_the_text() -> None:
    short = "Yes, they have closed it now."
    assert found(article(short, FIRST, SECOND)).excerpt.startswith(short)
    for other in (
        "By A. Writer",
        "Sign up for our newsletter.",
        "*Not all of it is ours.",
    ):
        assert found(article(other, FIRST)).excerpt == FIRST


@pytest.mark.parametrize(
    "between",
    [
        "<div class='ad'>Buy this now, it is cheap and good and yours for ever.</div>",
        "<div>ADVERTISEMENT</div>",
        "<p>Story continues below advertisement</p>",
        "<p>Story continued below</p>",
        "<p>\u200d</p>",
        "<figure><figcaption>A picture of it.</figcaption></figure>",
        "<p>© A. Photographer</p>",
        "<p>By A. Writer</p>",
        "<p>By A. Writer, 8 October 2020 at 9:07, in Books and the things around them</p>",
        "<div>Subscribe now to hear this text read by a friendly voice.</div>",
        "<p>Scroll down for a film of the library</p>",
        "<div>Readers in front of the library, which is to be sold. Photo © A. Photographer</div>",
        "<blockquote class='twitter-tweet'><p>We will all read on, whatever they say about it.</p></blockquote>",
    ],
)
def test_what_is_between_two_paragraphs_is_left_out(between: str) -> None:
    body = f"<h1>{TITLE}</h1><div><p>{FIRST}</p><p>{SECOND}</p>{between}<p>{THIRD}</p></div>"
    assert found(page(body)).excerpt == TEXT


@pytest.mark.parametrize(
    "below",
    [
        "<h2>What comes next</h2>",
        "<table><tr><td>1</td><td>2</td></tr></table>",
        "<p><b>What comes next</b></p><h2>What comes next</h2>",
    ],
)
def test_it_ends_where_the_text_is_interrupted(below: str) -> None:
    body = f"<h1>{TITLE}</h1><div><p>{FIRST}</p><p>{SECOND}</p>{below}<p>{THIRD}</p></div>"
    assert found(page(body)).excerpt == f"{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>",
        f"<h1>{TITLE}</h1><div>{FIRST}<br><br>{SECOND}<br><br>{THIRD}</div>",
        f"<h1>{TITLE}</h1><form><div><span>{FIRST}</span></div><div>{SECOND}</div><div>{THIRD}</div></form>",
        f"<div class='page has-sidebar'><h1>{TITLE}</h1><div class='text--ads'>{PARAGRAPHS}</div></div>",
        f"<h1>{TITLE}</h1><noscript>{PARAGRAPHS}{PARAGRAPHS.upper()}</noscript>",
        f"<button><div>Menu</button><h1>{TITLE}</h1><div>{PARAGRAPHS}</div>",
        f"<h1>{TITLE}</h1><div class='elementor-widget elementor-widget-text'>{FIRST}</div>"
        f"<div class='article-widget'>{SECOND}</div><div class='text-widget'>{THIRD}</div>",
    ],
)
def test_the_text_is_found_however_it_is_marked_up(body: str) -> None:
    assert found(page(body)).excerpt.startswith(
        f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
    )


def test_an_element_that_also_contains_an_invitation_is_not_the_invitation() -> (
    None
):
    text = f"<h1>{TITLE}</h1>{PARAGRAPHS}<p>{SECOND}</p>"
    teasers = "<p>Another story that is longer than this one.</p>" * 60
    body = f"<div class='item-with-cta'>{text}</div><div>{teasers}</div>"
    assert found(page(body)).excerpt.startswith(TEXT)


def test_the_text_around_a_caption_is_two_paragraphs() -> None:
    caption = "<span class='caption'>The library in the rain.</span>"
    assert found(article(f"{FIRST}{caption}{SECOND}", THIRD)).excerpt == TEXT


def test_words_in_links_and_emphasis_are_kept() -> None:
    read = article(
        f"The <a href='/x'>council</a> of <em>Exampleton</em>’s town&nbsp;hall – {FIRST}",
        SECOND,
    )
    assert (
        found(read).excerpt
        == f"The council of Exampleton’s town hall – {FIRST}\n\n{SECOND}"
    )


def test_menus_teasers_and_comments_are_not_the_text() -> None:
    menu = "<nav><p>All that you can read in the Example Post on one page, every day, for free.</p></nav>"
    teasers = (
        "<div class='related'>"
        + "<p>Another piece of news that is longer than all of this one, they say.</p>"
        * 6
        + "</div>"
    )
    comments = (
        "<section id='comments'>"
        + f"<p>{'What I always said, and nobody listened to me. ' * 9}</p>" * 4
        + "</section>"
    )
    read = page(
        f"{menu}<h1>{TITLE}</h1><div><p>{FIRST}</p><p>{SECOND}</p></div>{teasers}{comments}"
    )
    assert found(read).excerpt == f"{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize(
    "dialog",
    [
        "<div class='has-text' role='dialog'>{}</div>",
        "<div id='BorlabsCookieBoxWrap'><div>{}</div></div>",
        "<div class='consent-layout'>{}</div>",
        "<div style='display: none'>{}</div>",
        "<footer>{}</footer>",
    ],
)
def test_what_asks_for_consent_is_not_the_text_however_long_it_is(
    dialog: str,
) -> None:
    asked = "<p>We store what you read, on every page and for ever, and share it with all of our partners.</p>"
    read = page(
        f"<h1>{TITLE}</h1><div>{PARAGRAPHS}</div>{dialog.format(asked * 5)}"
    )
    assert found(read).excerpt == TEXT


def test_a_page_that_has_a_consent_dialog_is_not_the_dialog() -> None:
    body = f"<div class='has-cookie-notice'><h1>{TITLE}</h1></div><div class='has-cookie-notice'>{PARAGRAPHS}</div>"
    assert found(page(body)).excerpt == TEXT


def test_words_for_screen_readers_are_left_out() -> None:
    hint = "<span class='sr-only'>(opens in a new window)</span>"
    read = article(f"<a href='/x'>{FIRST}{hint}</a>", f"{SECOND}{hint}", THIRD)
    assert found(read).excerpt.endswith(f"{SECOND}\n\n{THIRD}")


def test_what_a_link_says_about_how_it_opens_is_left_out() -> None:
    hint = "<i class='arrow'>(öffnet im neuen Fenster)</i>"
    linked = FIRST.replace("Exampleton", f"<a href='/x'>Exampleton{hint}</a>")
    assert found(article(linked, SECOND, THIRD)).excerpt == TEXT


def test_a_link_to_a_text_about_a_new_window_keeps_its_words() -> None:
    words = "The library got <a href='/x'>a new window</a>"
    read = article(f"{words} and a new door. {FIRST}", SECOND, THIRD)
    assert found(read).excerpt.startswith("The library got a new window and")


def test_only_complete_sentences_are_taken() -> None:
    sentence = "This sentence is one of very many that make up a paragraph without any end. "
    excerpt = found(article(sentence * 40)).excerpt
    assert excerpt == (sentence * 11).strip()
    assert (
        found(article(FIRST, SECOND, sentence * 40)).excerpt
        == f"{FIRST}\n\n{SECOND}"
    )
    assert found(
        article("图书馆在星期一被镇议会关闭。" * 100)
    ).excerpt.endswith("。")


def test_a_page_without_text_has_an_uncertain_empty_excerpt() -> None:
    read = found(page(f"<h1>{TITLE}</h1>"))
    assert (read.excerpt, "excerpt" in read.uncertain) == ("", True)


SENTENCES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "p",
                "div",
                "h2",
                "li",
                "span",
                "blockquote",
                "td",
                "figcaption",
                "a",
                "br",
            ]
        ),
        st.sampled_from(
            ["", "dek", "caption", "text", "article-body", "ad", "comments"]
        ),
        st.sampled_from(
            [
                FIRST,
                SECOND,
                THIRD,
                "Short.",
                "no sentence",
                "2020",
                FIRST * 12,
                "بۇ بىر جۈملە.",
                "一句话。",
                "\u202ex",
            ]
        ),
    ),
    max_size=12,
)


@given(SENTENCES, st.booleans())
def test_every_paragraph_of_an_excerpt_is_on_the_page_and_it_is_never_too_long(
    parts: list[tuple[str, str, str]], headed: bool
) -> None:
    body = "".join(
        f"<{tag} class='{name}'>{text}</{tag}>" for tag, name, text in parts
    )
    read = page(f"<h1>{TITLE}</h1>{body}" if headed else body)
    excerpt = found(read).excerpt
    assert len(excerpt) <= MAX_LENGTH
    assert all(paragraph in read.text for paragraph in excerpt.split("\n\n"))


def test_closing_marks_after_a_sentence_take_no_time() -> None:
    sentence = f"{FIRST[:-1]} on Tuesday.{'»' * 60}"
    assert found(article(sentence, SECOND)).excerpt == f"{sentence}\n\n{SECOND}"
    assert found(article(f"{sentence}x", SECOND)).title == TITLE
