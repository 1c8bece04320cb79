"""A newsletter is a folder: it is found from anywhere below; a new one is ready to use and
overwrites nothing.
"""

import os
import stat
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import briefing
from briefing.configuration.values import NamedAddress
from briefing.errors import BriefingError, NotFoundError, RefusedError
from briefing.newsletter import Newsletter, package_templates
from briefing.subscribers.subscriber_list import open_list, read_all
from tests import examples


def create(
    root: Path,
    name: str = "Brief",
    organisation: str = "Watch",
    sender: str = "brief@example.org",
) -> Newsletter:
    return Newsletter.create(
        root, name=name, organisation=organisation, sender=sender
    )


def files_below(root: Path) -> dict[str, int]:
    return {
        str(path.relative_to(root)): stat.S_IMODE(path.stat().st_mode)
        for path in root.rglob("*")
    }


class TestFinding:
    def test_it_is_found_from_its_folder_and_any_folder_below(
        self, newsletter: Newsletter
    ) -> None:
        below = newsletter.root / "issues" / "2020-10-09"
        below.mkdir()
        for start in (newsletter.root, below, below / "issue.md"):
            assert Newsletter.find(start) == newsletter

    def test_the_nearest_one_counts(self, newsletter: Newsletter) -> None:
        """As if a newsletter's folder was moved into another one."""
        inner = newsletter.root / "inner"
        (inner / "issues").mkdir(parents=True)
        (inner / "briefing.toml").touch()
        assert Newsletter.find(inner / "issues") == Newsletter(inner)

    def test_a_relative_path_is_found(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(newsletter.issues)
        assert Newsletter.find(Path()) == newsletter

    def test_without_a_newsletter_the_options_are_named(
        self, tmp_path: Path
    ) -> None:
        with pytest.raises(NotFoundError) as caught:
            Newsletter.find(tmp_path)
        assert str(caught.value) == (
            f"there is no briefing.toml in {tmp_path} or above it; go to the newsletter's folder, point to it with -C, "
            "or create one with 'briefing init DIR'"
        )


class TestCreating:
    @pytest.mark.parametrize("umask", [0o000, 0o022])
    def test_it_makes_settings_a_private_list_and_no_dated_issue(
        self, tmp_path: Path, umask: int
    ) -> None:
        before = os.umask(umask)
        try:
            made = create(tmp_path / "new" / "brief")
        finally:
            os.umask(before)
        assert files_below(made.root) == {
            ".gitignore": 0o644,
            "briefing.toml": 0o644,
            "issues": 0o755 & ~umask,
            "subscribers.csv": 0o600,
        }

    def test_what_it_makes_can_be_used(self, newsletter: Newsletter) -> None:
        settings = newsletter.settings.newsletter
        assert (settings.name, settings.organisation) == (
            "Weekly Brief",
            "Example Watch",
        )
        assert settings.sender == NamedAddress(
            "Weekly Brief", "brief@example.org"
        )
        readers = read_all(open_list(newsletter.subscribers)).subscribers
        assert len(readers) == 3
        assert all(
            reader.address.split("@")[1].startswith("example.")
            for reader in readers
        )

    def test_git_ignores_the_list_and_everything_private(
        self, newsletter: Newsletter
    ) -> None:
        subprocess.run(["git", "init", "--quiet", newsletter.root], check=True)
        private = [
            "subscribers.csv",
            "subscribers-old.csv",
            "subscribers.csv.age",
            ".briefing/key",
            "site/index.html",
        ]
        public = [
            "briefing.toml",
            "issues/2020-10-09/issue.md",
            "issues/2020-10-09/sent.json",
            "templates/style.css",
        ]
        asked = subprocess.run(
            ["git", "check-ignore", *private, *public],
            cwd=newsletter.root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert asked.stdout.split() == private

    @pytest.mark.parametrize(
        "existing", ["briefing.toml", "subscribers.csv", ".gitignore"]
    )
    def test_an_existing_file_is_kept_and_nothing_is_made(
        self, tmp_path: Path, existing: str
    ) -> None:
        (tmp_path / existing).write_text("mine")
        with pytest.raises(
            RefusedError, match=r"already exists; choose a new folder$"
        ):
            create(tmp_path)
        assert list(files_below(tmp_path)) == [existing]
        assert (tmp_path / existing).read_text() == "mine"

    def test_a_broken_link_is_kept(self, tmp_path: Path) -> None:
        (tmp_path / "subscribers.csv").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(RefusedError, match="already exists"):
            create(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["subscribers.csv"]

    @pytest.mark.parametrize("inside", ["other", "issues/other"])
    def test_a_folder_inside_another_newsletter_is_refused(
        self, newsletter: Newsletter, inside: str
    ) -> None:
        outer = newsletter.root
        with pytest.raises(RefusedError) as refused:
            create(outer / inside)
        assert str(refused.value) == (
            f"{outer / inside} would be inside the newsletter in {outer}; choose a folder outside it"
        )
        assert not (outer / inside).exists()
        beside = create(outer / ".." / "other")
        assert beside.settings.newsletter.name

    def test_links_that_lead_to_each_other_are_one_line(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "here").symlink_to(tmp_path / "there")
        (tmp_path / "there").symlink_to(tmp_path / "here")
        with pytest.raises(BriefingError, match="can't be created"):
            create(tmp_path / "here" / "new")

    def test_a_file_in_place_of_the_folder_is_reported(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "brief").write_text("mine")
        with pytest.raises(
            BriefingError, match=r"brief is a file; choose a new folder"
        ):
            create(tmp_path / "brief")

    @pytest.mark.parametrize(
        ("name", "organisation", "sender"),
        [
            (
                'The "Brief"',
                "It's \\ back\\slash",
                '"Brief, Weekly" <brief@example.org>',
            ),
            ("ھەپتىلىك خەۋەر", "周报 · བོད", "خەۋەر <brief@example.org>"),
            ("ORGANISATION", "SENDER", "NAME <brief@example.org>"),
            ("{date} # comment", "[issue]", "brief@example.org"),
            ("😀 x = 'y'", "", "brief@example.org"),
        ],
    )
    def test_any_name_survives(
        self, tmp_path: Path, name: str, organisation: str, sender: str
    ) -> None:
        settings = create(
            tmp_path / "brief", name, organisation, sender
        ).settings.newsletter
        assert (settings.name, settings.organisation, settings.sender) == (
            name,
            organisation,
            NamedAddress.parse(sender),
        )

    @given(st.text(max_size=20), st.text(max_size=20))
    @hypothesis_settings(
        max_examples=examples(3),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_a_name_survives_or_is_refused_in_one_line(
        self,
        tmp_path_factory: pytest.TempPathFactory,
        name: str,
        organisation: str,
    ) -> None:
        root = tmp_path_factory.mktemp("new") / "brief"
        message = ""
        try:
            settings = create(root, name, organisation).settings.newsletter
            assert (settings.name, settings.organisation) == (
                name,
                organisation,
            )
        except BriefingError as error:
            message = str(error)
        assert "\n" not in message
        assert root.exists() != bool(message)

    @pytest.mark.parametrize("name", ["", "two\nlines", "\x7f", "\udcff"])
    def test_an_invalid_name_is_refused_before_anything_is_made(
        self, tmp_path: Path, name: str
    ) -> None:
        with pytest.raises(BriefingError):
            create(tmp_path / "brief", name)
        assert not (tmp_path / "brief").exists()


class TestPlaces:
    def test_everything_is_in_its_folder(self, newsletter: Newsletter) -> None:
        root = newsletter.root
        places = (newsletter.issues, newsletter.subscribers, newsletter.state)
        assert places == (
            root / "issues",
            root / "subscribers.csv",
            root / ".briefing",
        )

    def test_the_organisation_s_templates_come_before_the_package_s(
        self, newsletter: Newsletter
    ) -> None:
        assert newsletter.template_folders == (
            newsletter.root / "templates",
            package_templates(),
        )

    def test_in_a_checkout_the_templates_are_beside_the_package(self) -> None:
        package = Path(briefing.__file__).parent
        if (package / "templates").is_dir():
            pytest.skip("this isn't a checkout")
        assert package_templates() == package.parent / "templates"
        for name in (
            "issue.html.j2",
            "issue.txt.j2",
            "style.css",
            "newsletter/briefing.toml",
        ):
            assert (package_templates() / name).is_file()

    def test_settings_are_read_on_first_use(self, tmp_path: Path) -> None:
        with pytest.raises(NotFoundError):
            _ = Newsletter(tmp_path).settings
