"""Rules on the folder: copied to a cloud, in git, open to others; a sound one has no finding."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from briefing.checks import folder
from briefing.checks.cloud_folders import synchronised_by
from briefing.checks.git import Git as AskGit
from briefing.checks.rule import Severity
from briefing.newsletter import Newsletter
from tests.checks.conftest import SETTINGS, SOUND, Check


@pytest.fixture
def families() -> Sequence[ModuleType]:
    return (folder,)


@pytest.fixture
def git(newsletter: Newsletter) -> "Git":
    """The newsletter as a repository of its own; git's settings on this machine are out of reach."""
    repository = Git(newsletter.root)
    repository("init", "--quiet")
    return repository


class Git:
    def __init__(self, root: Path) -> None:
        self.root = root

    def __call__(self, *arguments: str) -> None:
        names = {
            f"GIT_{who}_{what}": "x@example.org"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        environment = {
            **os.environ,
            **names,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        subprocess.run(
            ["git", "-C", str(self.root), *arguments],
            check=True,
            env=environment,
        )

    def commit(self, *names: str) -> None:
        self("add", "--force", *names)
        self("commit", "--quiet", "--message", "x")


def private(path: Path, text: str = "") -> Path:
    path.parent.mkdir(exist_ok=True, mode=0o700)
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return path


class TestSynchronised:
    @pytest.mark.parametrize(
        ("place", "program"),
        [
            ("OneDrive/brief", "OneDrive"),
            ("OneDrive - Example Watch/Documents/brief", "OneDrive"),
            (
                "Library/Mobile Documents/com~apple~CloudDocs/brief",
                "iCloud Drive",
            ),
            (
                "Library/CloudStorage/GoogleDrive-x/My Drive/brief",
                "Google Drive",
            ),
            ("Library/CloudStorage/Other-x/brief", "a cloud drive"),
            ("Dropbox/brief", "Dropbox"),
            ("dropbox/brief", "Dropbox"),
            ("Dropbox (Example Watch)/brief", "Dropbox"),
            ("Google Drive/brief", "Google Drive"),
            ("iCloud Drive/brief", "iCloud Drive"),
            ("Nextcloud/brief", "Nextcloud"),
            ("ownCloud/brief", "Nextcloud or ownCloud"),
            ("Box Sync/brief", "Box"),
            ("pCloudDrive/brief", "pCloud"),
            ("MEGAsync/brief", "MEGA"),
        ],
    )
    def test_a_folder_is_recognised_by_the_names_above_it(
        self, tmp_path: Path, place: str, program: str
    ) -> None:
        (tmp_path / place).mkdir(parents=True)
        assert synchronised_by(tmp_path / place) == program

    @pytest.mark.parametrize(
        ("mark", "program"),
        [
            (".dropbox", "Dropbox"),
            (".dropbox.cache/", "Dropbox"),
            (".stfolder/", "Syncthing"),
            (".sync_1a2b3c.db", "Nextcloud or ownCloud"),
            ("._sync_1a2b3c.db", "Nextcloud or ownCloud"),
            (".tmp.drivedownload/", "Google Drive"),
        ],
    )
    def test_a_folder_is_recognised_by_what_programs_leave_in_it(
        self, tmp_path: Path, mark: str, program: str
    ) -> None:
        (tmp_path / "a" / "b").mkdir(parents=True)
        if mark.endswith("/"):
            (tmp_path / "a" / mark).mkdir()
        else:
            (tmp_path / "a" / mark).touch()
        assert synchronised_by(tmp_path / "a" / "b") == program
        (tmp_path / "link").symlink_to(tmp_path / "a")
        assert synchronised_by(tmp_path / "link" / "b") == program

    def test_names_that_only_mean_something_in_a_home_folder_are_recognised_there(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "MEGA" / "brief").mkdir(parents=True)
        assert (
            synchronised_by(tmp_path / "MEGA" / "brief", home=tmp_path.parent)
            == ""
        )
        assert (
            synchronised_by(tmp_path / "MEGA" / "brief", home=tmp_path)
            == "MEGA"
        )

    def test_dropboxs_settings_in_a_home_folder_are_not_mistaken_for_its_folder(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / ".dropbox").mkdir()
        (tmp_path / "Box").mkdir()
        assert synchronised_by(tmp_path / "Box") == ""

    def test_it_is_one_warning_about_the_folder_for_all_editions(
        self, check_issue: Check, newsletter: Newsletter
    ) -> None:
        (newsletter.root.parent / ".dropbox.cache").mkdir()
        (finding,) = check_issue(ug=SOUND)
        assert (finding.rule, finding.severity, finding.path) == (
            "synchronised-folder",
            Severity.WARNING,
            newsletter.root,
        )


@pytest.mark.skipif(not shutil.which("git"), reason="git is not here")
class TestGit:
    def test_a_new_folder_has_no_finding(
        self, check_issue: Check, newsletter: Newsletter, git: Git
    ) -> None:
        private(newsletter.state / "key")
        private(newsletter.root / "subscribers.csv.age")
        private(newsletter.root / "subscribers.xlsx")
        (newsletter.root / "subscribers.example.csv").touch()
        git("add", ".")
        assert check_issue() == []

    @pytest.mark.parametrize(
        "name",
        [
            "subscribers.csv",
            "subscribers-de.csv",
            "subscribers.xlsx",
            "exported.csv",
            "subscribers.csv.age",
            "key.age",
            ".briefing/key",
            ".env",
        ],
    )
    def test_a_private_file_that_is_committed_is_reported(
        self, check_issue: Check, newsletter: Newsletter, git: Git, name: str
    ) -> None:
        private(newsletter.root / name)
        git.commit(name)
        top = name.partition("/")[0]
        (finding,) = check_issue()
        assert (finding.rule, finding.severity) == (
            "private-file-in-git",
            Severity.ERROR,
        )
        assert finding.path == newsletter.root / top
        assert f"git rm -r --cached -- {top};" in finding.message
        assert "then rewrite the history: git filter-repo" in finding.message

    def test_a_private_file_that_is_only_staged_has_no_history_to_rewrite(
        self, check_issue: Check, git: Git
    ) -> None:
        git("add", "--force", "subscribers.csv")
        (finding,) = check_issue()
        assert finding.rule == "private-file-in-git"
        assert "history" not in finding.message

    def test_a_private_file_that_was_removed_is_still_found_in_the_history(
        self, check_issue: Check, git: Git
    ) -> None:
        git.commit("subscribers.csv")
        git("rm", "--quiet", "--cached", "subscribers.csv")
        git("commit", "--quiet", "--message", "x")
        (finding,) = check_issue()
        assert finding.rule == "private-file-in-git"
        assert (
            "git filter-repo --invert-paths --path subscribers.csv"
            in finding.message
        )

    @pytest.mark.parametrize(
        "name",
        [
            "subscribers.csv",
            "subscribers.csv~",
            ".~lock.subscribers.csv#",
            ".subscribers.csv.swp",
            "subscribers.ods",
            "Copy of subscribers.csv",
            "readers.csv.bak",
            "list.age",
        ],
    )
    def test_a_private_file_that_is_not_ignored_is_reported(
        self, check_issue: Check, newsletter: Newsletter, git: Git, name: str
    ) -> None:
        (newsletter.root / ".gitignore").unlink()
        (newsletter.root / "subscribers.csv").unlink()
        private(newsletter.root / name)
        (finding,) = check_issue()
        assert (finding.rule, finding.path) == (
            "private-file-not-ignored",
            newsletter.root / name,
        )
        command = finding.message.partition("run: ")[2]
        subprocess.run(command, shell=True, check=True, cwd=newsletter.root)  # noqa: S602  # as the editor types it
        assert check_issue() == []

    def test_in_a_larger_repository_only_the_newsletter_is_checked(
        self, check_issue: Check, newsletter: Newsletter
    ) -> None:
        above = newsletter.root.parent
        git = Git(above)
        git("init", "--quiet")
        private(above / "subscribers.csv")
        git.commit("subscribers.csv", "brief/subscribers.csv")
        (finding,) = check_issue()
        assert finding.path == newsletter.root / "subscribers.csv"

    def test_without_git_or_with_a_slow_git_there_is_no_finding(
        self, check_issue: Check, git: Git, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        git.commit("subscribers.csv")
        assert AskGit(git.root).tracked == {"subscribers.csv"}
        assert AskGit(git.root, seconds=0).tracked == set()
        monkeypatch.setenv("PATH", "")
        assert AskGit(git.root).tracked == set()
        assert check_issue() == []

    def test_where_there_is_no_repository_git_starts_once_for_all_editions(
        self,
        check_issue: Check,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        starts = tmp_path / "starts"
        program = tmp_path / "programs" / "git"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\necho >> '{starts}'\nexit 128\n")
        program.chmod(0o700)
        monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
        assert check_issue(ug=SOUND) == []
        assert starts.read_text() == "\n"


def test_the_file_of_never_words_is_private(
    check_issue: Check, newsletter: Newsletter, git: Git
) -> None:
    private(newsletter.root / "words" / "never.txt")
    (finding,) = check_issue(
        settings=f'{SETTINGS}[check]\nnever = "words/never.txt"\n'
    )
    assert (finding.rule, finding.path) == (
        "private-file-not-ignored",
        newsletter.root / "words" / "never.txt",
    )
    assert (
        check_issue(settings=f'{SETTINGS}[check]\nnever = "../never.txt"\n')
        == []
    )


class TestModes:
    def test_a_list_that_others_can_read_is_reported_with_the_command_to_run(
        self, check_issue: Check, newsletter: Newsletter
    ) -> None:
        newsletter.subscribers.chmod(0o644)
        (finding,) = check_issue()
        assert (finding.rule, finding.severity, finding.path) == (
            "readable-by-others",
            Severity.WARNING,
            newsletter.subscribers,
        )
        subprocess.run(  # noqa: S602  # our own command
            finding.message.partition("run: ")[2], shell=True, check=True
        )
        assert check_issue() == []

    def test_files_in_the_state_folder_are_counted_and_one_command_closes_them_all(
        self, check_issue: Check, newsletter: Newsletter
    ) -> None:
        private(newsletter.state / "key").chmod(0o640)
        (newsletter.state / "folder").mkdir(mode=0o755)
        (newsletter.state / "away").symlink_to(newsletter.root)
        (finding,) = check_issue()
        assert finding.message.startswith(
            "2 files and folders in it are open to other users"
        )
        subprocess.run(  # noqa: S602  # our own command
            finding.message.partition("run: ")[2], shell=True, check=True
        )
        assert check_issue() == []
