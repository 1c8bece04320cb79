"""An untrusted file goes in; the picture that comes out looks the same and carries nothing else."""

import io
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps, PngImagePlugin
from pillow_heif import register_heif_opener

from briefing.errors import PictureError
from briefing.photos import opened_photos
from briefing.photos.opened_photos import photo_in
from briefing.photos.pictures import STEPS, TALLEST, read_photo
from tests import examples
from tests.photos.test_jpeg_scans import jpeg, with_scans

register_heif_opener()

CANARY = b"canary-7f3a"
WIDTH = 100
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
# EXIF: 6 is a camera held upright, to be turned by 90 degrees to the right.
UPRIGHT, TURNED = (
    1,
    6,
)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture that is hard to compress, like a photo."""
    bands = [Image.effect_noise((width, height), 90) for _ in range(3)]
    return Image.merge("RGB", bands).convert(mode)


def halves(width: int = 40, height: int = 20, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image.convert(mode)


def exif(orientation: int = UPRIGHT) -> Image.Exif:
    """A camera's metadata, including where the photo was taken."""
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010E] = CANARY.decode()
    notes.get_ifd(0x8825).update(
        {
            1: "N",
            2: (52.0, 31.0, 12.0),
            3: "E",
            4: (13.0, 24.0, 18.0),
            0x1B: CANARY,
        }
    )
    return notes


def swapped_profile() -> bytes:
    """An RGB profile with red and green swapped."""
    return (
        SRGB.replace(b"rXYZ", b"tmp.")
        .replace(b"gXYZ", b"rXYZ")
        .replace(b"tmp.", b"gXYZ")
    )


def bytes_of(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def close(colour: object, expected: tuple[int, ...]) -> bool:
    assert isinstance(colour, tuple)
    return all(
        abs(band - wanted) <= 12
        for band, wanted in zip(colour, expected, strict=True)
    )


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[bytes], opened_photos.Photo]:
    def write_and_open(data: bytes) -> opened_photos.Photo:
        (tmp_path / "photo").write_bytes(data)
        return photo_in(
            read_photo(tmp_path / "photo"), tmp_path / "photo", allow_heic=True
        )

    return write_and_open


Open = Callable[[bytes], opened_photos.Photo]


def jpeg_with_everything() -> bytes:
    data = bytes_of(
        halves(),
        "JPEG",
        exif=exif(TURNED),
        comment=CANARY,
        icc_profile=SRGB,
        xmp=b"<x:xmpmeta>" + CANARY + b"</x:xmpmeta>",
    )
    iptc = (
        b"Photoshop 3.0\x008BIM\x04\x04\0\0"
        + struct.pack(">I", len(CANARY) + 5)
        + b"\x1c\x02\x78\0\x0b"
        + CANARY
    )
    return (
        data[:2]
        + b"\xff\xed"
        + struct.pack(">H", len(iptc) + 2)
        + iptc
        + data[2:]
        + CANARY
    )


def png_with_everything() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", CANARY.decode())
    notes.add_text("Comment", CANARY.decode(), zip=True)
    notes.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    return (
        bytes_of(
            halves(), "PNG", pnginfo=notes, exif=exif(TURNED), icc_profile=SRGB
        )
        + CANARY
    )


def webp_with_everything() -> bytes:
    return (
        bytes_of(
            halves(),
            "WEBP",
            exif=exif(TURNED).tobytes(),
            xmp=CANARY,
            icc_profile=SRGB,
            quality=95,
        )
        + CANARY
    )


def avif_with_everything() -> bytes:
    return bytes_of(
        halves(),
        "AVIF",
        exif=exif(TURNED).tobytes(),
        xmp=CANARY,
        icc_profile=SRGB,
        quality=95,
    )


def heic_with_everything() -> bytes:
    """As phones write them: turned by the metadata, and with a small copy."""
    return bytes_of(
        halves(200, 100),
        "HEIF",
        exif=exif(TURNED).tobytes(),
        xmp=CANARY,
        icc_profile=SRGB,
        quality=95,
        thumbnails=[64],
    )


def gif_with_everything() -> bytes:
    second = Image.new("RGB", (40, 20), GREEN)
    return (
        bytes_of(
            halves(),
            "GIF",
            save_all=True,
            append_images=[second],
            comment=CANARY,
        )
        + CANARY
    )


def damage(
    data: st.DataObject, photo: bytes, places: range, *, most: int
) -> bytes:
    """Return a photo in which up to `most` bytes at some places were replaced."""
    damaged = bytearray(photo)
    for _ in range(data.draw(st.integers(1, most))):
        place = data.draw(st.sampled_from(places))
        damaged[place] = data.draw(st.integers(0, 255))
    return bytes(damaged)


class TestKinds:
    @pytest.mark.parametrize(
        "kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF"]
    )
    def test_every_format_is_read_and_looks_the_same(
        self, opened: Open, kind: str
    ) -> None:
        picture = opened(bytes_of(halves(), kind, quality=95)).shown(WIDTH)
        with Image.open(io.BytesIO(picture.data)) as image:
            assert image.format in {"JPEG", "PNG"}
            assert picture.type == f"image/{image.format.lower()}"
            left, right = (
                image.convert("RGB").getpixel((5, 10)),
                image.convert("RGB").getpixel((35, 10)),
            )
        assert close(left, RED)
        assert close(right, BLUE)

    @pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
    def test_an_animation_becomes_its_first_frame(
        self, opened: Open, kind: str
    ) -> None:
        frames = [
            Image.new("RGB", (40, 20), (0, 40 + n, 0)) for n in range(200)
        ]
        data = bytes_of(halves(), kind, save_all=True, append_images=frames)
        photo = opened(data)
        assert photo.image.size == (40, 20)
        assert close(photo.image.getpixel((5, 10)), RED)
        assert photo.shown(WIDTH).is_still

    @pytest.mark.parametrize("kind", ["JPEG", "GIF", "WEBP", "PNG", "AVIF"])
    def test_a_single_picture_is_not_called_a_still(
        self, opened: Open, kind: str
    ) -> None:
        assert not opened(bytes_of(halves(), kind)).shown(WIDTH).is_still

    def test_a_camera_s_second_picture_makes_no_animation(
        self, opened: Open
    ) -> None:
        """Phones add a map of distances, or the whole burst."""
        more = {"save_all": True, "append_images": [halves()]}
        for kind in ("MPO", "HEIF"):
            assert not opened(bytes_of(halves(), kind, **more)).is_still

    @pytest.mark.parametrize(
        ("mode", "kind"),
        [
            ("1", "PNG"),
            ("L", "PNG"),
            ("L", "JPEG"),
            ("P", "PNG"),
            ("I;16", "PNG"),
            ("CMYK", "JPEG"),
            ("YCbCr", "JPEG"),
        ],
    )
    def test_every_colour_mode_becomes_rgb(
        self, opened: Open, mode: str, kind: str
    ) -> None:
        white = Image.new("RGB", (8, 8), WHITE)
        source = (
            Image.new("I;16", (8, 8), 65535)
            if mode == "I;16"
            else white.convert(mode)
        )
        image = opened(bytes_of(source, kind)).image
        assert image.mode == "RGB"
        assert close(image.getpixel((4, 4)), WHITE)

    def test_16_bit_grey_is_not_clipped_to_white(self, opened: Open) -> None:
        image = opened(bytes_of(Image.new("I;16", (8, 8), 0x8000), "PNG")).image
        assert close(image.getpixel((4, 4)), (128, 128, 128))

    def test_a_colour_profile_is_applied(self, opened: Open) -> None:
        image = opened(
            bytes_of(
                Image.new("RGB", (8, 8), RED),
                "PNG",
                icc_profile=swapped_profile(),
            )
        ).image
        assert close(image.getpixel((4, 4)), GREEN)

    def test_a_colour_profile_is_also_applied_to_transparent_pictures(
        self, opened: Open
    ) -> None:
        source = Image.new("RGBA", (8, 8), (*RED, 100))
        image = opened(
            bytes_of(source, "PNG", icc_profile=swapped_profile())
        ).image
        assert close(image.getpixel((4, 4)), (*GREEN, 100))
        palette = Image.new("RGB", (8, 8), RED).convert("P")
        image = opened(
            bytes_of(palette, "PNG", icc_profile=swapped_profile())
        ).image
        assert close(image.getpixel((4, 4)), GREEN)

    @pytest.mark.parametrize(
        "profile",
        [b"", b"no profile", SRGB[:200], SRGB],
        ids=["none", "other", "cut", "of RGB"],
    )
    def test_cmyk_is_converted_whatever_its_profile(
        self, opened: Open, profile: bytes
    ) -> None:
        image = opened(
            bytes_of(
                Image.new("CMYK", (8, 8), (0, 255, 255, 0)),
                "JPEG",
                icc_profile=profile,
            )
        ).image
        assert image.mode == "RGB"
        assert close(image.getpixel((4, 4)), RED)

    def test_transparency_is_kept_in_a_png(self, opened: Open) -> None:
        source = Image.new("RGBA", (20, 20), (*RED, 0))
        source.paste((*BLUE, 128), (0, 0, 10, 20))
        for data in (
            bytes_of(source, "PNG"),
            bytes_of(source, "WEBP", lossless=True),
        ):
            picture = opened(data).shown(WIDTH)
            assert picture.type == "image/png"
            with Image.open(io.BytesIO(picture.data)) as image:
                assert image.getpixel((2, 2)) == (*BLUE, 128)
                assert image.getchannel("A").getpixel((15, 2)) == 0

    def test_a_transparent_palette_colour_stays_transparent(
        self, opened: Open
    ) -> None:
        source = Image.new("P", (20, 20), 0)
        source.putpalette([*RED, *BLUE])
        source.paste(1, (0, 0, 10, 20))
        for kind in ("PNG", "GIF"):
            image = opened(bytes_of(source, kind, transparency=0)).image
            assert image.getpixel((2, 2)) == (*BLUE, 255)
            assert image.getchannel("A").getpixel((15, 2)) == 0

    @pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "AVIF", "HEIF"])
    def test_transparency_gets_the_colour_of_the_paper(
        self, opened: Open, kind: str
    ) -> None:
        chart = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
        chart.paste((0, 0, 0, 255), (0, 0, 20, 20))
        photo = opened(bytes_of(chart, kind)).on_paper("#fafafa")
        assert photo.image.mode == "RGB"
        assert close(photo.image.getpixel((5, 10)), (0, 0, 0))
        assert close(photo.image.getpixel((35, 10)), (250, 250, 250))

    def test_half_transparency_is_mixed_with_the_paper(
        self, opened: Open
    ) -> None:
        source = Image.new("RGBA", (8, 8), (*RED, 128))
        image = opened(bytes_of(source, "PNG")).on_paper("#ffffff").image
        assert close(image.getpixel((4, 4)), (255, 127, 127))

    def test_a_photo_with_a_fully_opaque_alpha_channel_becomes_jpeg(
        self, opened: Open
    ) -> None:
        """Screenshots are often like that; as PNG they would be ten times as large."""
        assert (
            opened(bytes_of(noise(300, 200, "RGBA"), "PNG")).shown(WIDTH).type
            == "image/jpeg"
        )


class TestCleaning:
    WITH_EVERYTHING = pytest.mark.parametrize(
        "make",
        [
            jpeg_with_everything,
            png_with_everything,
            webp_with_everything,
            gif_with_everything,
            avif_with_everything,
            heic_with_everything,
        ],
    )

    @WITH_EVERYTHING
    def test_no_metadata_location_profile_comment_or_trailing_byte_survives(
        self, opened: Open, make: Callable[[], bytes]
    ) -> None:
        data = make()
        assert data.count(CANARY) >= 2
        for step in range(len(STEPS)):
            picture = opened(data).shown(WIDTH, step)
            assert CANARY not in picture.data
            for trace in (
                b"Exif",
                b"http://ns.adobe",
                b"Photoshop",
                b"ICC_PROFILE",
                b"iCCP",
                b"xmp",
                b"GPS",
            ):
                assert trace not in picture.data, trace

    def test_a_jpeg_has_only_the_segments_it_needs(self, opened: Open) -> None:
        data = bytes_of(
            noise(40, 30), "JPEG", exif=exif(), comment=CANARY, icc_profile=SRGB
        )
        picture = opened(data).shown(WIDTH)
        markers, place = [], 2
        while picture.data[place + 1] != 0xDA:  # the start of the scan
            markers.append(picture.data[place + 1])
            place += 2 + int.from_bytes(
                picture.data[place + 2 : place + 4], "big"
            )
        # JFIF, quantisation, frame, Huffman tables.
        assert set(markers) <= {
            0xE0,
            0xDB,
            0xC2,
            0xC4,
        }
        assert picture.data.endswith(b"\xff\xd9")

    def test_a_png_has_only_the_chunks_it_needs(self, opened: Open) -> None:
        picture = opened(png_with_everything()).shown(WIDTH)
        assert picture.type == "image/png"
        chunks, place = [], 8
        while place < len(picture.data):
            length = int.from_bytes(picture.data[place : place + 4], "big")
            chunks.append(picture.data[place + 4 : place + 8])
            place += 12 + length
        assert set(chunks) <= {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
        assert place == len(picture.data)

    @pytest.mark.parametrize(
        "make",
        [
            jpeg_with_everything,
            png_with_everything,
            webp_with_everything,
            avif_with_everything,
            heic_with_everything,
        ],
    )
    def test_it_is_upright_without_the_orientation_tag(
        self, opened: Open, make: Callable[[], bytes]
    ) -> None:
        photo = opened(make())
        width, height = photo.size
        assert height == 2 * width
        assert photo.image.size == photo.size
        middle = width // 2
        assert close(photo.image.getpixel((middle, 5)), RED)
        assert close(photo.image.getpixel((middle, height - 5)), BLUE)

    @pytest.mark.parametrize(
        "orientation",
        [
            *(3, 6, 8),
            *(
                pytest.param(rare, marks=pytest.mark.long)
                for rare in (1, 2, 4, 5, 7)
            ),
        ],
    )
    def test_a_large_photo_is_upright_however_the_camera_was_held(
        self, opened: Open, orientation: int
    ) -> None:
        """It is turned after it was decoded at a fraction of its size."""
        stored = Image.new("RGB", (4000, 3000), GREEN)
        stored.paste(RED, (0, 0, 2000, 1500))
        data = bytes_of(stored, "JPEG", exif=exif(orientation))
        with Image.open(io.BytesIO(data)) as image:
            expected = ImageOps.exif_transpose(image).resize((40, 40))
        photo = opened(data)
        found = photo.image.resize((40, 40))
        assert photo.size == ((4000, 3000) if orientation < 5 else (3000, 4000))
        for place in ((10, 10), (30, 10), (10, 30), (30, 30)):
            colour = expected.getpixel(place)
            assert isinstance(colour, tuple)
            assert close(found.getpixel(place), colour)

    @given(st.data())
    @settings(
        max_examples=examples(4),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_damaged_metadata_does_not_make_a_photo_unusable(
        self, opened: Open, data: st.DataObject
    ) -> None:
        """Cameras and phones often write it wrong, and every program shows the photo anyway."""
        photo = bytes_of(halves(), "JPEG", exif=exif())
        begin = photo.index(b"Exif") + 6
        length = int.from_bytes(photo[begin - 8 : begin - 6], "big") - 8
        metadata = range(begin, begin + length)
        damaged = damage(data, photo, metadata, most=4)
        assert sorted(opened(damaged).image.size) == [20, 40]

    @pytest.mark.parametrize(
        "make", [jpeg_with_everything, png_with_everything]
    )
    def test_the_same_file_always_becomes_the_same_bytes(
        self, opened: Open, make: Callable[[], bytes]
    ) -> None:
        first, second = (opened(make()).shown(30) for _ in range(2))
        assert first == second
        assert first.name == second.name
        assert re.fullmatch(r"[0-9a-f]{20}\.(png|jpg)", first.name)


class TestSize:
    def test_it_has_two_pixels_per_css_pixel(self, opened: Open) -> None:
        picture = opened(bytes_of(noise(800, 600), "JPEG")).shown(WIDTH)
        assert (picture.width, picture.height) == (100, 75)
        with Image.open(io.BytesIO(picture.data)) as image:
            assert image.size == (200, 150)

    @pytest.mark.parametrize(
        ("width", "pixels"), [(150, 150), (60, 60), (1, 1)]
    )
    def test_a_small_picture_is_not_enlarged(
        self, opened: Open, width: int, pixels: int
    ) -> None:
        picture = opened(bytes_of(noise(width, 50), "PNG")).shown(WIDTH)
        assert picture.width == min(width, WIDTH)
        with Image.open(io.BytesIO(picture.data)) as image:
            assert image.width == pixels

    @pytest.mark.parametrize(
        ("width", "height"), [(3000, 1), (1, 3000), (2000, 2), (900, 7)]
    )
    def test_wide_and_tall_pictures_keep_their_proportions(
        self, opened: Open, width: int, height: int
    ) -> None:
        picture = opened(bytes_of(noise(width, height), "PNG")).shown(WIDTH)
        scale = min(1, WIDTH / width, TALLEST / height)
        assert picture.width == max(1, round(width * scale))
        assert picture.height == max(1, round(height * scale))

    @pytest.mark.parametrize(
        ("width", "height", "shown"),
        [
            (3000, 2000, (552, 368)),
            (2000, 3000, (320, 480)),
            (2000, 2000, (480, 480)),
            (552, 480, (552, 480)),
            (300, 481, (299, 480)),
            (1080, 20_000, (26, 480)),
            (20_000, 1080, (552, 30)),
            (100, 90, (100, 90)),
        ],
    )
    def test_it_fits_into_the_column_and_the_screen(
        self, opened: Open, width: int, height: int, shown: tuple[int, int]
    ) -> None:
        source = Image.new("L", (width, height))
        picture = opened(bytes_of(source, "PNG")).shown()
        assert (picture.width, picture.height) == shown

    def test_no_more_pixels_are_kept_than_an_email_needs(
        self, opened: Open
    ) -> None:
        for kind in ("JPEG", "PNG", "WEBP"):
            source = Image.new("RGB", (3600, 2400), RED)
            photo = opened(bytes_of(source, kind))
            assert photo.size == (3600, 2400)
            width, height = photo.image.size
            assert 1.5 * 2 * 552 <= width <= 3000
            assert width == pytest.approx(1.5 * height, abs=2)

    def test_each_step_makes_a_photo_smaller(self, opened: Open) -> None:
        photo = opened(bytes_of(noise(1200, 500), "JPEG"))
        sizes = [len(photo.shown(300, step).data) for step in range(len(STEPS))]
        assert sizes == sorted(set(sizes), reverse=True)
        assert sizes[-1] < sizes[0] / 4

    def test_the_size_on_the_page_is_the_same_at_every_step(
        self, opened: Open
    ) -> None:
        photo = opened(bytes_of(noise(1200, 500), "JPEG"))
        for step in range(len(STEPS)):
            picture = photo.shown(300, step)
            assert (picture.width, picture.height) == (300, 125)

    def test_a_drawing_with_few_colours_becomes_png_if_that_is_smaller(
        self, opened: Open
    ) -> None:
        assert (
            opened(bytes_of(halves(400, 200), "JPEG", quality=100))
            .shown(WIDTH)
            .type
            == "image/png"
        )
        assert (
            opened(bytes_of(noise(400, 200), "PNG")).shown(WIDTH).type
            == "image/jpeg"
        )


def chunk(kind: bytes, data: bytes) -> bytes:
    return (
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
    )


def png_that_claims(width: int, height: int, *, between: bytes = b"") -> bytes:
    """A few bytes that claim to be a black picture of that size."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * min(height, 1000))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + between
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


def jpeg_that_claims(width: int, height: int) -> bytes:
    data = bytes_of(halves(), "JPEG")
    start = data.index(b"\xff\xc0") + 5
    return data[:start] + struct.pack(">HH", height, width) + data[start + 4 :]


def webp_that_claims(width: int, height: int) -> bytes:
    data = bytes_of(halves(), "WEBP", lossless=False)
    start = data.index(b"\x9d\x01\x2a") + 3
    return data[:start] + struct.pack("<HH", width, height) + data[start + 4 :]


def gif_that_claims(width: int, height: int) -> bytes:
    data = bytes_of(halves(), "GIF")
    return data[:6] + struct.pack("<HH", width, height) + data[10:]


def claiming(data: bytes, width: int, height: int) -> bytes:
    """An AVIF or HEIC file whose properties claim another size (ISO/IEC 23008-12, 6.5.3)."""
    return re.sub(
        rb"ispe\0{4}.{8}",
        lambda _: b"ispe\0\0\0\0" + struct.pack(">II", width, height),
        data,
        flags=re.DOTALL,
    )


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (
        lambda: b"",
        "isn't an image that emails can show; save it as JPEG or PNG",
    ),
    "text": (
        lambda: b"GIF is a format",
        "isn't an image that emails can show; save it as JPEG or PNG",
    ),
    "html": (
        lambda: b"<html><img src=x onerror=alert(1)></html>",
        "isn't an image that emails can show",
    ),
    "svg": (
        lambda: (
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        ),
        "isn't an image",
    ),
    "tiff": (
        lambda: bytes_of(Image.new("RGB", (9, 9)), "TIFF"),
        "isn't an image that emails can show",
    ),
    "bmp": (
        lambda: bytes_of(Image.new("RGB", (9, 9)), "BMP"),
        "isn't an image that emails can show",
    ),
    "eps": (
        lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        "isn't an image that emails can show",
    ),
    "cut off jpeg": (
        lambda: bytes_of(noise(90, 90), "JPEG")[:2000],
        "is damaged or cut off; get it again",
    ),
    "cut off png": (
        lambda: bytes_of(noise(90, 90), "PNG")[:2000],
        "is damaged or cut off; get it again",
    ),
    "head of a png": (
        lambda: png_that_claims(10, 10)[:20],
        "is damaged or cut off; get it again",
    ),
    "26 megapixels": (
        lambda: png_that_claims(5200, 5001),
        "has more than 25 megapixels; make it smaller first",
    ),
    "144 megapixels": (
        lambda: png_that_claims(12_000, 12_000),
        "has more than 25 megapixels; make it smaller first",
    ),
    "a bomb": (
        lambda: png_that_claims(60_000, 60_000),
        "has more than 210 megapixels; make it smaller first",
    ),
    "a jpeg of 65,535 × 65,535": (
        lambda: jpeg_that_claims(65_535, 65_535),
        "has more than 210 megapixels; make it smaller first",
    ),
    "a jpeg of 211 megapixels": (
        lambda: jpeg_that_claims(21_100, 10_000),
        "has more than 210 megapixels; make it smaller first",
    ),
    "an avif of 66 megapixels": (
        lambda: claiming(bytes_of(halves(), "AVIF"), 8250, 8000),
        "has more than 65 megapixels; make it smaller first",
    ),
    "a heic of 66 megapixels": (
        lambda: claiming(bytes_of(halves(128, 64), "HEIF"), 8250, 8000),
        "has more than 65 megapixels; make it smaller first",
    ),
    "a webp of 26 megapixels": (
        lambda: webp_that_claims(5200, 5001),
        "has more than 25 megapixels; make it smaller first",
    ),
    "a gif of 26 megapixels": (
        lambda: gif_that_claims(5200, 5001),
        "has more than 25 megapixels; make it smaller first",
    ),
    "cut off avif": (
        lambda: bytes_of(noise(90, 90), "AVIF")[:2000],
        "is damaged or cut off; get it again",
    ),
    "cut off heic": (
        lambda: bytes_of(noise(90, 90), "HEIF")[:2000],
        "is damaged or cut off; get it again",
    ),
    "head of a heic": (
        lambda: bytes_of(noise(90, 90), "HEIF")[:60],
        "is damaged or cut off; get it again",
    ),
    "video": (
        lambda: b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(2000),
        "isn't an image that emails can show",
    ),
    "a bomb of text": (
        lambda: png_that_claims(
            9,
            9,
            between=chunk(
                b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80_000_000))
            ),
        ),
        "is damaged or cut off",
    ),
    "a thread": (
        lambda: png_that_claims(1, 70_000),
        "is more than 65000 pixels wide or high",
    ),
}
"""How each file is made, which is slow for some of them, and what is said of it."""


class TestRefusing:
    @pytest.mark.parametrize("what", REFUSED)
    def test_an_unusable_file_is_refused_in_one_line(
        self, opened: Open, tmp_path: Path, what: str
    ) -> None:
        make, words = REFUSED[what]
        with pytest.raises(PictureError) as caught:
            opened(make())
        assert str(caught.value).startswith(f"{tmp_path / 'photo'}: {words}")
        assert "\n" not in str(caught.value)

    def test_25_megapixels_are_accepted(self, opened: Open) -> None:
        image = Image.new("1", (5000, 5000))
        assert opened(bytes_of(image, "PNG")).size == (5000, 5000)

    @pytest.mark.parametrize(
        ("kind", "size"),
        [
            ("JPEG", (16_320, 12_240)),
            pytest.param("AVIF", (8000, 6000), marks=pytest.mark.long),
        ],
    )
    def test_the_largest_photos_of_phones_are_accepted(
        self, opened: Open, kind: str, size: tuple[int, int]
    ) -> None:
        photo = opened(bytes_of(Image.new("L", size, 200), kind, speed=10))
        assert photo.size == size
        assert close(photo.image.getpixel((99, 99)), (200, 200, 200))
        assert photo.shown().width == 552

    def test_more_than_60_megabytes_are_refused(self, opened: Open) -> None:
        data = bytes_of(halves(), "JPEG")
        most = 60 * 1024 * 1024
        assert opened(data + bytes(most - len(data))).image.size == (40, 20)
        with pytest.raises(
            PictureError,
            match=r"photo: is larger than 60 MB; make it smaller first$",
        ):
            opened(data + bytes(most - len(data) + 1))

    def test_heic_is_opened_only_if_an_editor_chose_it(self) -> None:
        """Its decoder was attacked more often than others, and pages don't use it."""
        with pytest.raises(PictureError, match="only from the issue's folder"):
            photo_in(bytes_of(halves(), "HEIF"), Path("photo"))

    def test_a_picture_of_thousands_of_scans_is_refused(self) -> None:
        hostile = with_scans(jpeg(progressive=True), 50_000)
        with pytest.raises(PictureError, match="takes too long to open"):
            photo_in(hostile, Path("photo.jpg"))

    @given(
        st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF"]),
        st.data(),
    )
    @settings(
        max_examples=examples(10),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_damaged_bytes_become_a_clean_picture_or_a_one_line_error(
        self, opened: Open, kind: str, data: st.DataObject
    ) -> None:
        photo = bytes_of(halves(), kind)
        damaged = damage(data, photo, range(len(photo)), most=5)
        message = ""
        try:
            assert opened(damaged).shown(WIDTH).type in {
                "image/jpeg",
                "image/png",
            }
        except PictureError as error:
            message = str(error)
        assert "\n" not in message
