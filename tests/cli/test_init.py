"""briefing init: a folder that is ready to use."""

import re
import stat
import subprocess
from pathlib import Path

import pytest

from briefing.newsletter import LONGEST_ALIGNED, Newsletter
from briefing.rendering import own_templates
from tests.cli.conftest import BRIEF, Run
from tests.cli.terminal import in_terminal


def test_without_a_terminal_it_asks_nothing_and_the_result_is_ready_to_use(
    run: Run, tmp_path: Path
) -> None:
    created = run("init", "weekly")
    assert created.exit_code == 0
    (tmp_path / "brief.txt").write_text(BRIEF, "utf-8")
    assert (
        run(
            "-C",
            "weekly",
            "compose",
            "--from",
            "brief.txt",
            "--date",
            "2020-10-09",
        ).exit_code
        == 0
    )
    assert run("-C", "weekly", "render").exit_code == 0
    sent = run("-C", "weekly", "send", "--yes")
    assert sent.exit_code == 0
    assert "3 emails written" in sent.stdout


def test_it_creates_settings_a_list_and_no_issue(weekly: Path) -> None:
    assert sorted(path.name for path in weekly.iterdir()) == [
        ".gitignore",
        "briefing.toml",
        "issues",
        "subscribers.csv",
    ]
    assert list((weekly / "issues").iterdir()) == []
    assert stat.S_IMODE((weekly / "subscribers.csv").stat().st_mode) == 0o600


def test_every_setting_has_a_comment(weekly: Path) -> None:
    lines = (weekly / "briefing.toml").read_text("utf-8").splitlines()
    in_force = [
        line for line in lines if "=" in line and not line.startswith("#")
    ]
    assert in_force
    assert all("#" in line for line in in_force)


def test_the_comments_of_the_settings_stay_in_one_column(
    run: Run, tmp_path: Path
) -> None:
    for folder, name in (
        ("a", "A"),
        ("b", "The brief of the valley's readers"),
    ):
        run("init", folder, "--name", name)
        text = (tmp_path / folder / "briefing.toml").read_text("utf-8")
        lines = [line for line in text.splitlines() if "  # " in line]
        columns = {line.rindex("  # ") for line in lines}
        # A value that is longer than the others has its comment right behind it.
        assert len({at for at in columns if at <= LONGEST_ALIGNED}) == 1


def test_git_ignores_what_must_stay_on_this_computer(
    issue: Path, run: Run
) -> None:
    run("send", "--yes")
    run("render")
    subprocess.run(["git", "init", "-q"], cwd=issue, check=True)
    seen = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard"],
        cwd=issue,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert sorted(seen) == [
        ".gitignore",
        "brief.txt",
        "briefing.toml",
        "issues/2020-10-09/issue.md",
    ]


def test_options_go_into_the_settings(run: Run, tmp_path: Path) -> None:
    run(
        "init",
        "b",
        "--name",
        'The "Valley" Brief',
        "--organisation",
        "Åse & Co",
        "--from",
        "Ed <ed@example.org>",
    )
    settings = Newsletter(tmp_path / "b").settings.newsletter
    assert (settings.name, settings.organisation, settings.sender.address) == (
        *('The "Valley" Brief', "Åse & Co", "ed@example.org"),
    )


def test_the_proposed_sender_has_the_name_of_the_newsletter(
    run: Run, tmp_path: Path
) -> None:
    run("init", "weekly", "--name", "Valley Brief")
    sender = Newsletter(tmp_path / "weekly").settings.newsletter.sender
    assert str(sender.name) == "Valley Brief"


@pytest.mark.parametrize(
    ("typed", "name"),
    [("news@example.org", "Valley Brief"), ("Ed <news@example.org>", "Ed")],
)
def test_a_sender_without_a_name_gets_that_of_the_newsletter(
    run: Run, tmp_path: Path, typed: str, name: str
) -> None:
    run("init", "weekly", "--name", "Valley Brief", "--from", typed)
    sender = Newsletter(tmp_path / "weekly").settings.newsletter.sender
    assert (sender.name, sender.address) == (name, "news@example.org")


def test_its_questions_show_what_enter_means(tmp_path: Path) -> None:
    said, code = in_terminal(
        tmp_path, ["init", "weekly"], answer="Valley Brief\n\n\n"
    )
    assert code == 0
    assert "Name of the newsletter [Weekly Brief]:" in said
    assert "Organisation (Enter: none):" in said
    assert "Sender of its emails [Valley Brief <brief@example.org>]:" in said


def test_a_sender_without_an_address_is_asked_for_again(
    tmp_path: Path,
) -> None:
    answers = "Valley Brief\n\nnot an address\nnews@example.org\n"
    said, code = in_terminal(tmp_path, ["init", "weekly"], answer=answers)
    assert code == 0
    assert "'not an address' must be an email address" in said
    sender = Newsletter(tmp_path / "weekly").settings.newsletter.sender
    assert sender.address == "news@example.org"


def test_a_name_that_no_email_can_have_is_not_proposed_for_the_sender(
    run: Run, tmp_path: Path
) -> None:
    run("init", "weekly", "--name", "Valley > Hill")
    newsletter = Newsletter(tmp_path / "weekly").settings.newsletter
    assert newsletter.name == "Valley > Hill"
    assert newsletter.sender.name == ""


def test_a_sender_without_an_address_is_a_usage_error(
    run: Run, tmp_path: Path
) -> None:
    result = run("init", "b", "--from", "not an address")
    assert result.exit_code == 2
    assert "must be an email address" in result.stderr
    assert not (tmp_path / "b").exists()


def test_an_existing_newsletter_is_left_alone(weekly: Path, run: Run) -> None:
    before = {
        path: path.read_bytes() for path in weekly.rglob("*") if path.is_file()
    }
    result = run("init", ".")
    assert result.exit_code == 1
    assert "already exists" in result.stderr
    assert {
        path: path.read_bytes() for path in weekly.rglob("*") if path.is_file()
    } == before


def test_a_folder_that_cannot_be_used_is_refused_before_anything_is_asked(
    weekly: Path,
) -> None:
    (weekly.parent / "file").write_text("", "utf-8")
    for folder, reason in (
        (".", "already exists"),
        ("new", "would be inside the newsletter"),
        ("../file/new", "file is a file"),
    ):
        said, code = in_terminal(weekly, ["init", folder])
        assert (code, "Name of the newsletter" in said) == (1, False)
        assert reason in said


def test_a_newsletter_inside_the_one_where_you_are_is_refused(
    weekly: Path, run: Run
) -> None:
    refused = run("init", "weekly")
    assert refused.exit_code == 1
    assert "weekly would be inside the newsletter in" in refused.stderr
    assert not (weekly / "weekly").exists()
    assert run("init", "../monthly").exit_code == 0


def test_the_next_steps_are_those_of_the_readme(run: Run) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    said = run("init", "my weekly").stdout
    steps = said.partition("Next:\n")[2].splitlines()
    assert steps[0] == "  cd 'my weekly'"
    week = re.findall(r"^briefing \w+", readme, re.MULTILINE)
    commands = [line.strip().split("  ")[0].split(" ") for line in steps[1:]]
    named = [" ".join(command[:2]) for command in commands]
    assert named
    assert [command for command in week if command in named] == named


def test_in_the_folder_where_you_are_the_next_steps_begin_at_once(
    run: Run,
) -> None:
    lines = run("init", ".").stdout.splitlines()
    assert lines[0].endswith("'Weekly Brief' in this folder:")
    first_step = lines[lines.index("Next:") + 1]
    assert first_step.startswith("  briefing collect ")


def test_the_result_fits_into_80_columns(run: Run) -> None:
    assert max(map(len, run("init", "weekly").stdout.splitlines())) <= 80


class TestTemplates:
    def test_a_new_newsletter_can_have_all_templates_and_looks_the_same(
        self, run: Run, tmp_path: Path
    ) -> None:
        created = run("init", "weekly", "--templates")
        assert created.exit_code == 0
        assert "  templates/         how its emails look" in created.stdout
        names = {
            path.name for path in (tmp_path / "weekly/templates").iterdir()
        }
        assert names == set(own_templates.template_names())

    def test_a_newsletter_that_exists_gets_those_that_it_lacks(
        self, weekly: Path, run: Run
    ) -> None:
        (weekly / "templates").mkdir()
        (weekly / "templates/footer.html.j2").write_text("<p>mine</p>")
        before = (weekly / "briefing.toml").read_bytes()
        copied = run("init", "--templates")
        assert copied.exit_code == 0
        assert (
            "Already in templates, and left as they are:\n  footer.html.j2\n"
            in copied.stdout
        )
        mine = (weekly / "templates/footer.html.j2").read_text()
        assert mine == "<p>mine</p>"
        assert (weekly / "templates/item.html.j2").is_file()
        assert (weekly / "briefing.toml").read_bytes() == before

    def test_chosen_templates_are_copied_alone_from_anywhere(
        self, weekly: Path, run: Run, tmp_path: Path
    ) -> None:
        chosen = (
            "--template",
            "footer.html.j2",
            "--template",
            "footer.txt.j2",
        )
        copied = run("-C", str(tmp_path), "init", "weekly", *chosen)
        assert copied.exit_code == 0
        names = {path.name for path in (weekly / "templates").iterdir()}
        assert names == {"footer.html.j2", "footer.txt.j2"}

    def test_an_unknown_template_is_refused_before_anything_is_made(
        self, run: Run, tmp_path: Path
    ) -> None:
        refused = run("init", "weekly", "--template", "feet.j2")
        assert refused.exit_code == 1
        assert "there is no template 'feet.j2'" in refused.stderr
        assert not (tmp_path / "weekly").exists()

    def test_a_newsletter_that_exists_gets_no_new_name(
        self, weekly: Path, run: Run
    ) -> None:
        refused = run("init", ".", "--name", "Other", "--templates")
        assert refused.exit_code == 1
        assert "already exists" in refused.stderr
        assert not (weekly / "templates").exists()

    def test_without_a_newsletter_or_a_folder_it_says_what_is_missing(
        self, run: Run
    ) -> None:
        assert "there is no briefing.toml" in run("init", "--templates").stderr
        nameless = run("init")
        assert nameless.exit_code == 2
        assert "choose a folder" in nameless.stderr
