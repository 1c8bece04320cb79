"""The lead picture: its address, its credit, its alternative text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collecting.web.credits import split_credit, strip_label
from briefing.collecting.web.lead_picture import LeadPicture, find_lead_picture
from tests.collecting.web.pages import (
    FIRST,
    SECOND,
    TITLE,
    found,
    json_ld,
    meta,
    page,
)

PHOTO = "https://www.example.org/img/library-rain.jpg"
OTHER = "https://www.example.org/img/mayor-smiles.jpg"


def lead(body: str = "", head: str = "") -> LeadPicture:
    return find_lead_picture(page(f"<h1>{TITLE}</h1>{body}", head), TITLE, ())


# --- Address


@pytest.mark.parametrize(
    "head",
    [
        meta("og:image", PHOTO),
        meta("og:image", "/img/library-rain.jpg"),
        meta("og:image:secure_url", PHOTO) + meta("og:image", OTHER),
        meta("twitter:image", PHOTO),
        json_ld(f'{{"@type": "NewsArticle", "image": ["{PHOTO}", "{OTHER}"]}}'),
        json_ld(
            f'{{"@type": "NewsArticle", "image": {{"name": "Readers", "url": "{PHOTO}"}}}}'
        ),
        json_ld(
            f'{{"@type": "NewsArticle", "image": {{"@type": "ImageObject", "url": "{PHOTO}"}}}}'
        ),
        f'<link rel="image_src" href="{PHOTO}">',
        meta("og:image", "https://www.example.org/img/og-default.png")
        + meta("twitter:image", PHOTO),
    ],
)
def test_the_address_in_the_page_s_head_counts_first(head: str) -> None:
    assert lead(f"<img src='{OTHER}'>", head).address == PHOTO


@pytest.mark.parametrize(
    "address",
    [
        *(
            "logo.png",
            "site-logo.jpg",
            "logos/harbour.jpg",
            "post_logos/red.png",
            "example_logo_2020.png",
            "placeholder.jpg",
            "place-holder.png",
            "sprite.png",
        ),
        *(
            "default.jpg",
            "default-image.png",
            "no-image.png",
            "spacer.gif",
            "avatar-1.jpg",
            "favicon.png",
            "photo.svg",
        ),
        *(
            "og-default.png",
            "fb_default-5621.png",
            "fallback.jpg",
            "blank.gif",
            "photo.ico",
        ),
        *("AdditionalLogo.png", "harbourlogo_color.jpg", "shoplogo29.png"),
        *("avatar/93a988.jpg", "blavatar/13afe5.jpg", "FaviconApp.png"),
        *("Site-Icon.png", "cropped-harbour.jpg", "example-1x1.gif"),
        *("__utm.gif?utmac=UA-1", "counter.gif", "apple-icon.png"),
        *("FacebookIcon.jpg", "ExampleLogoWeb3.jpg"),
        *("icons/home.png", "Icons_Buttons/grain.png", "themes/example/us.png"),
        *("plugins/print/images/pdf.png", "page/null", "300x250.gif"),
        *("meta-facebook.jpg", "fb.jpg", "fb_primary_img.png", "share.png"),
        *("i_twitter.png", "icon-facebook.png", "fb-share.jpg"),
        *("reader_weixin.jpg", "qr-code.png", "harbour_qrcode.jpg"),
        *("web-app-manifest-192x192.png", "android-chrome-512x512.png"),
        "next/image?url=https%3A%2F%2Fwww.example.org%2Flogos%2Fmark.jpg&w=1200",
        "next/image?url=%2Flogos%2Fmark.jpg&w=1200",
    ],
)
def test_logos_and_placeholders_are_not_lead_pictures(address: str) -> None:
    assert (
        lead(head=meta("og:image", f"https://www.example.org/img/{address}"))
        == LeadPicture()
    )
    assert lead(body=f"<img src='/img/{address}'>") == LeadPicture()


def test_a_file_name_that_only_contains_such_a_word_is_a_photo() -> None:
    for name in (
        "catalogue-of-books.jpg",
        "catalogo.jpg",
        "dialogos/harbour.jpg",
        "psicologo-2.jpg",
        "defaulters.jpg",
        "harbour-16-9-aspect-ratio_default_0.jpg",
        "pixels-of-art.jpg",
        "library-1x1.jpg",
        "facebook-office.jpg",
        "FB_IMG_1602250000.jpg",
        "WechatIMG12.jpeg",
        "plugins.jpg",
    ):
        assert lead(
            head=meta("og:image", f"https://www.example.org/{name}")
        ).address


def test_a_picture_that_is_named_like_the_site_is_its_logo() -> None:
    for name in ("example.png", "Example_200x200.png"):
        address = f"https://cdn.example.net/{name}"
        assert lead(head=meta("og:image", address)) == LeadPicture()
    assert lead(
        head=meta("og:image", "https://cdn.example.net/example-harbour.jpg")
    ).address


def test_the_publishers_logo_is_not_a_lead_picture_whatever_its_file_name() -> (
    None
):
    head = json_ld(
        f'{{"@type": "NewsArticle", "publisher": {{"logo": {{"url": "{OTHER}"}}}}}}'
    )
    assert lead(head=meta("og:image", OTHER) + head) == LeadPicture()


# How a plug-in for WordPress describes most of its pages: with references between objects.
GRAPH = json_ld(
    f"""{{"@graph": [
    {{"@type": "Article", "image": {{"@id": "#photo"}}, "publisher": {{"@id": "#us"}}}},
    {{"@type": "Organization", "@id": "#us", "logo": {{"@type": "ImageObject", "@id": "#logo"}}}},
    {{"@type": "ImageObject", "@id": "#photo", "url": "{PHOTO}", "caption": "The library."}},
    {{"@type": "ImageObject", "@id": "#logo", "url": "{OTHER}"}}]}}"""
)


def test_a_picture_can_be_described_in_another_object() -> None:
    found = lead(head=GRAPH)
    assert (found.address, found.caption) == (PHOTO, "The library.")
    assert lead(head=meta("og:image", OTHER) + GRAPH).address == PHOTO


def test_a_reference_to_an_object_that_is_missing_is_not_an_address() -> None:
    image = '{"@type": "ImageObject", "@id": "#photo"}'
    article = f'{{"@type": "Article", "image": [{{"@id": "#x"}}, {image}]}}'
    assert lead(head=json_ld(article)) == LeadPicture()


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "https://user@evil.example/a.jpg",
        "//",
        " ",
    ],
)
def test_an_address_that_must_not_be_linked_is_dropped(address: str) -> None:
    assert lead(head=meta("og:image", address)) == LeadPicture()
    assert lead(f"<figure><img src='{address}'></figure>") == LeadPicture()


def test_without_metadata_the_articles_first_large_picture_is_the_lead_picture() -> (
    None
):
    body = (
        "<header><img src='/a/head.jpg'></header><nav><img src='/a/menu.jpg'></nav>"
        "<div class='author'><img src='/a/writer.jpg'></div><div id='share'><img src='/a/button.png'></div>"
        "<img src='/a/small.jpg' width='80' height='80'>"
    )
    assert (
        lead(
            f"{body}<figure><img data-src='{PHOTO}' src='/a/spacer.gif'></figure>"
        ).address
        == PHOTO
    )
    assert (
        lead(
            f"{body}<img srcset='/img/small-1.jpg 300w, {PHOTO} 1200w'>"
        ).address
        == PHOTO
    )


# --- Without a picture in the head


@pytest.mark.parametrize(
    "image",
    [
        "<img src='https://stats.example.net/matomo.php?idsite=5&rec=1' style='border:0'>",
        "<img src='https://mc.example.net/watch/22765936' style='position:absolute; left:-9999px;'>",
        "<img src='https://b.example.net/p?c1=2&c2=19764680&cv=2.0'>",
        "<img src='https://stats.example.net/b.gif?host=example.org&post=12'>",
        "<img src='https://stats.example.net/photo.jpg?id=7' width='1' height='1'>",
        "<img src='https://stats.example.net/photo.jpg?id=7' style='width:1px;height:1px'>",
        "<img src='https://stats.example.net/photo.jpg?id=7' style='display:none'>",
        "<img src='https://stats.example.net/c.png?page=7' alt=''>",
        "<img src='https://stats.example.net/c/5.png' alt=':)'>",
        "<noscript><p><img src='https://stats.example.net/c.png?page=7' alt='' style='border:0'></p></noscript>",
        "<img src='https://stats.example.net/hit-640x480.gif?id=7'>",
        "<img src='/cgi-bin/count/page.png?id=7'>",
        "<img src='https://stats.example.net/c.png' width='640' height='480' style='width:1px;height:1px'>",
        "<img src='https://stats.example.net/c.png' alt='A library' style='max-width:1px;max-height:1px'>",
        "<img src='https://stats.example.net/c.png' alt='A library' style='position:absolute;clip:rect(0 0 0 0)'>",
        "<div hidden><img src='https://stats.example.net/c.png' width='640' height='480'></div>",
        "<div style='left:-9999px'><p><img src='https://stats.example.net/c.png' width='640'></p></div>",
        "<div style='width:1px;height:1px'><img src='https://stats.example.net/c.png' width='640'></div>",
        "<span class='visually-hidden'><img src='https://stats.example.net/c.png' width='640'></span>",
    ],
)
def test_images_that_count_visitors_are_never_taken_for_photos(
    image: str,
) -> None:
    """Fetching one would report the editor's visit."""
    paragraph = f"<p>{FIRST}</p>"
    assert found(page(f"<h1>{TITLE}</h1>{image}{paragraph}")).image == ""
    assert found(page(f"<h1>{TITLE}</h1>{paragraph}", image)).image == ""
    assert (
        found(
            page(f"<h1>{TITLE}</h1>{image}<img src='{PHOTO}'>{paragraph}")
        ).image
        == PHOTO
    )


@pytest.mark.parametrize(
    "image",
    [
        "<img src='ELSEWHERE' alt='A library in the rain'>",
        "<img srcset='ELSEWHERE 600w'>",
        "<img data-src='ELSEWHERE' src='data:,'>",
        "<img src='ELSEWHERE' width='100%'>",
        "<img src='ELSEWHERE' width='640' height='426'>",
        "<figure><span><img src='ELSEWHERE'></span></figure>",
        "<a href='https://pictures.example.com/large.jpg'><img src='ELSEWHERE'></a>",
    ],
)
def test_an_image_from_another_site_is_a_photo_if_it_is_shown_as_one(
    image: str,
) -> None:
    elsewhere = "https://pictures.example.com/library-rain.jpg"
    body = image.replace("ELSEWHERE", elsewhere)
    assert lead(body).address == elsewhere


def test_a_link_that_is_not_an_address_says_nothing_about_an_image() -> None:
    image = "<img src='https://pictures.example.com/library-rain.jpg'>"
    assert lead(f"<a href='http://[x.jpg'>{image}</a>") == LeadPicture()
    figure = "<figure><img src='http://[x.jpg'></figure>"
    assert lead(figure, meta("og:image", PHOTO)).address == PHOTO


@pytest.mark.parametrize(
    "head",
    [
        meta("og:image", "https://stats.example.net/x.gif?page=7"),
        meta("og:image", "https://stats.example.net/c.png?page=7")
        + meta("og:image:width", "1")
        + meta("og:image:height", "1"),
        json_ld(
            '{"@type": "NewsArticle", "image": {"url": "https://stats.example.net/c.png", "width": "1px", "height": 1}}'
        ),
    ],
)
def test_a_declared_picture_that_only_counts_visitors_is_not_taken(
    head: str,
) -> None:
    assert lead(head=head) == LeadPicture()
    assert lead(head=head + meta("twitter:image", PHOTO)).address == PHOTO


def test_a_picture_whose_size_is_unknown_in_one_place_is_as_large_as_in_another() -> (
    None
):
    unknown = meta("og:image:width", "1") + meta("og:image:height", "1")
    known = json_ld(
        f'{{"@type": "NewsArticle", "image": {{"url": "{PHOTO}", "width": 1200, "height": 900}}}}'
    )
    head = meta("og:image", PHOTO) + unknown
    assert lead(head=head) == LeadPicture()
    assert lead(head=head + known).address == PHOTO


def test_a_declared_animation_with_the_size_of_a_photo_is_one() -> None:
    animation = "https://www.example.org/img/library.gif?version=2"
    head = meta("og:image", animation) + meta("og:image:width", "2000")
    assert lead(head=head).address == animation


@pytest.mark.parametrize(
    "image",
    [
        "<img src='/img/top-banner.jpg' width='970' height='90'>",
        "<img src='/img/licence-88x31.png'>",
        "<img src='/img/88x31.png'>",
        "<img src='data:,' data-src='/img/library-40x20.jpg'>",
        "<img src='/img/warning.png' style='width:1.3em'>",
    ],
)
def test_banners_and_signs_are_not_lead_pictures(image: str) -> None:
    assert lead(image) == LeadPicture()


def test_an_image_above_or_below_the_article_is_not_its_photo() -> None:
    text = (
        f"<div><h1>{TITLE}</h1><div><p>{FIRST}</p><p>{SECOND}</p></div></div>"
    )
    image = f"<img src='{OTHER}'>"
    assert found(page(f"<div>{image}</div>{text}")).image == ""
    assert found(page(f"{text}<div>{image}</div>")).image == ""
    assert found(page(text.replace("<h1>", f"{image}<h1>"))).image == OTHER
    assert found(page(text.replace("</h1>", f"</h1>{image}"))).image == OTHER


def test_without_a_headline_or_text_no_image_is_a_photo() -> None:
    assert (
        find_lead_picture(page(f"<img src='{PHOTO}'>"), "", ()) == LeadPicture()
    )


# --- Credit and caption


@pytest.mark.parametrize(
    ("caption", "credit", "rest"),
    [
        (
            "The library in the rain. Photo: A. Writer",
            "A. Writer",
            "The library in the rain.",
        ),
        (
            "The library in the rain. Photograph: A. Writer/The Post",
            "A. Writer/The Post",
            "The library in the rain.",
        ),
        (
            "The library in the rain.Credit...A. Writer/Reuters, via Example",
            "A. Writer/Reuters, via Example",
            "The library in the rain.",
        ),
        (
            "The library in the rain (Photo by A. Writer)",
            "A. Writer",
            "The library in the rain",
        ),
        (
            "The library in the rain. Image credit: A. Writer",
            "A. Writer",
            "The library in the rain.",
        ),
        (
            "Die Bücherei im Regen. Foto: A. Schreiber",
            "A. Schreiber",
            "Die Bücherei im Regen.",
        ),
        (
            "Die Bücherei im Regen. (Bild: A. Schreiber)",
            "A. Schreiber",
            "Die Bücherei im Regen.",
        ),
        (
            "Die Bücherei im Regen © A. Schreiber",
            "A. Schreiber",
            "Die Bücherei im Regen",
        ),
        (
            "Yağmurda kütüphane. Fotoğraf: A. Yazar",
            "A. Yazar",
            "Yağmurda kütüphane.",
        ),
        (
            "La bibliothèque. Crédit photo : A. Plume",
            "A. Plume",
            "La bibliothèque.",
        ),
        (
            "The library in the rain (A. Writer/AFP)",
            "A. Writer/AFP",
            "The library in the rain",
        ),
        (
            "The library in the rain. A. Writer/AFP via Getty Images",
            "A. Writer/AFP via Getty Images",
            "The library in the rain.",
        ),
        (
            "The library in the rain. Reuters",
            "Reuters",
            "The library in the rain.",
        ),
        (
            "The library in the rain (AP Photo/A. Writer)",
            "AP Photo/A. Writer",
            "The library in the rain",
        ),
        (
            "The library in the rain – Getty Images",
            "Getty Images",
            "The library in the rain",
        ),
        ("Getty Images", "Getty Images", ""),
        (
            "The library in the rain Getty Images",
            "Getty Images",
            "The library in the rain",
        ),
        (
            "The readers of the library in the rain A. Writer/Reuters",
            "A. Writer/Reuters",
            "The readers of the library in the rain",
        ),
        (
            "A. Writer for the Post via Reuters",
            "A. Writer for the Post via Reuters",
            "",
        ),
        ("The library in the rain.", "", "The library in the rain."),
        (
            "Readers took photos of the library.",
            "",
            "Readers took photos of the library.",
        ),
        ("", "", ""),
    ],
)
def test_a_credit_is_found_in_a_caption(
    caption: str, credit: str, rest: str
) -> None:
    assert split_credit(caption) == (credit, rest)


@pytest.mark.parametrize(
    ("lines", "credit"),
    [
        ("The library in the rain<br>Photo: A. Writer", "A. Writer"),
        (
            "The library in the rain<br>A. Writer / Reuters",
            "A. Writer / Reuters",
        ),
        ("The library in the rain<br>Reuters", "Reuters"),
        ("The library in the rain<br>Photo Ada Writer", "Ada Writer"),
        (
            "<p>The library in the rain</p><p>Ada Writer / The Post</p>",
            "Ada Writer / The Post",
        ),
        ("Photo: A. Writer<br>The library in the rain", "A. Writer"),
        (
            "The library in the rain<br>Image by A. Writer<br>CC BY 4.0",
            "A. Writer, CC BY 4.0",
        ),
        ("The library in the rain<br>", ""),
        ("The library<br>in the rain", ""),
    ],
)
def test_a_line_of_a_caption_can_be_its_credit(lines: str, credit: str) -> None:
    figure = (
        f"<figure><img src='{PHOTO}'><figcaption>{lines}</figcaption></figure>"
    )
    found = lead(figure)
    assert (found.credit, found.caption) == (credit, "The library in the rain")


def test_a_credit_is_bare() -> None:
    assert (
        strip_label("By A. Writer")
        == strip_label("Photo: © A. Writer")
        == strip_label("(A. Writer)")
        == strip_label("Copyright A. Writer")
        == "A. Writer"
    )
    assert strip_label("x" * 500) == strip_label("©") == ""


@given(st.text(max_size=300))
def test_any_caption_can_be_searched(caption: str) -> None:
    credit, rest = split_credit(caption)
    assert len(credit) <= 120
    assert len(rest) <= len(caption)


@pytest.mark.parametrize(
    "figure",
    [
        f"<figure><img src='{PHOTO}'><figcaption>The library. Photo: A. Writer</figcaption></figure>",
        "<figure><img src='/img/library-rain-300x200.jpg'><figcaption>The library. "
        "<span class='credit'>A. Writer</span></figcaption></figure>",
        f"<div><img src='{PHOTO}'><div class='photo-caption'>The library.</div>"
        "<span class='image-copyright'>© A. Writer</span></div>",
    ],
)
def test_credit_and_caption_come_from_the_picture_s_figure(figure: str) -> None:
    found = lead(
        f"<figure><img src='{OTHER}'><figcaption>B. Other/AFP</figcaption></figure>{figure}",
        meta("og:image", PHOTO),
    )
    assert (found.credit, found.caption) == ("A. Writer", "The library.")


@pytest.mark.parametrize("site", ["", "https%3A%2F%2Fwww.example.org"])
def test_pictures_that_one_service_shrinks_keep_their_own_credits(
    site: str,
) -> None:
    shrunk = f"/next/image?url={site}%2Fimg%2F{{}}.jpg&w={{}}".format
    figure = "<figure><img src='{}'><figcaption>Photo: {}</figcaption></figure>"
    found = lead(
        figure.format(shrunk("mayor-smiles", 640), "B. Other")
        + figure.format(shrunk("library-rain", 640), "A. Writer"),
        meta("og:image", shrunk("library-rain", 1200)),
    )
    assert found.credit == "A. Writer"


def test_json_ld_fills_in_what_the_page_does_not_show() -> None:
    image = f'{{"@type": "ImageObject", "url": "{PHOTO}", "creditText": "A. Writer", "caption": "The library."}}'
    found = lead(head=json_ld(f'{{"@type": "NewsArticle", "image": {image}}}'))
    assert (found.address, found.credit, found.caption) == (
        PHOTO,
        "A. Writer",
        "The library.",
    )


# --- Alternative text


def test_the_page_s_alternative_text_is_used() -> None:
    found = lead(
        f"<img src='{PHOTO}' alt='People with umbrellas before a closed door'>",
        meta("og:image", PHOTO),
    )
    assert (
        found.alt
        == found.own_alt
        == "People with umbrellas before a closed door"
    )
    found = lead(
        head=meta("og:image", PHOTO)
        + meta("og:image:alt", "A closed door (A. Writer/AFP)")
    )
    assert (found.alt, found.credit, found.own_alt) == (
        "A closed door",
        "A. Writer/AFP",
        "A closed door",
    )


@pytest.mark.parametrize(
    "alt",
    [
        "",
        "Photo",
        "IMG_1234",
        "library-rain.jpg",
        TITLE,
        "https://example.org/a",
    ],
)
def test_the_caption_replaces_an_alternative_text_that_says_nothing(
    alt: str,
) -> None:
    figure = f"<figure><img src='{PHOTO}' alt='{alt}'><figcaption>The library.</figcaption></figure>"
    found = lead(figure, meta("og:image", PHOTO))
    assert (found.alt, found.own_alt) == ("The library.", "")
