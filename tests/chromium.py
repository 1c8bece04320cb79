"""A real Chromium, for the tests that need one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = (
    # The same engine without windows: it takes a third less of the processor's time.
    shutil.which("chromium-headless-shell")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
)

NO_CHROMIUM = "no Chromium here: apt install chromium-headless-shell"

_OFF_IN_PLAYWRIGHT = (
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "TcpPortRandomizationWin",
    "ThirdPartyStoragePartitioning",
)
"""What Playwright turns off. Our list takes the place of its list."""
_ADDRESS_BAR = ("AimEnabled", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
"""Pages behind the address bar, which no one sees here. Each context would load two of them."""
ARGUMENTS = (
    # It may run as root.
    "--no-sandbox",
    f"--disable-features={','.join((*_OFF_IN_PLAYWRIGHT, *_ADDRESS_BAR))}",
)


@contextmanager
def launched() -> Iterator["Browser"]:
    """Start Chromium, and end it afterwards; only one can run at once. Where Chromium or Playwright
    isn't installed, the test is skipped.
    """
    playwright = pytest.importorskip(
        "playwright.sync_api",
        reason="playwright isn't installed: pip install playwright",
    )
    if not CHROMIUM:
        pytest.skip(NO_CHROMIUM)
    with playwright.sync_playwright() as program:
        browser = program.chromium.launch(
            executable_path=CHROMIUM, args=list(ARGUMENTS)
        )
        yield browser
        browser.close()
