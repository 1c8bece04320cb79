"""The values and filters that templates are given, described for people who change one. Their names are
public: organisations' own templates use them. docs/templates.md shows these tables.
"""

from collections.abc import Mapping

VALUES: Mapping[str, str] = {
    "issue": "what the issue file contains; go through the items with `{% for section in issue.sections %}` and "
    "`{% for item in section.items %}`",
    "id": "the issue's id: `2020-10-09`",
    "date": "its date; `{{ date | date }}` writes it in full. Empty in the inbox",
    "subject": "the subject of the email: the issue's own, or else its title",
    "preheader": "the text that mail apps show next to the subject",
    "issue_heading": "the issue's own heading: subject or title; empty if that only repeats the masthead",
    "dateline": "the line below the newsletter's name: date and organisation",
    "contents": "the items for the list of headlines; empty if the email has no such list",
    "corrected": "in a correction, the issue that it corrects; otherwise empty",
    "notice_at_foot": "whether the footer says that each article belongs to its publisher: `notice` under `[look]`",
    "newsletter": "the settings of `[newsletter]` in the language of the email",
    "look": "the settings of `[look]`",
    "lang": "the language of the email: `lang.code` is `ug`, `lang.direction` is `rtl` or `ltr`, and `lang.start` and "
    "`lang.end` are the sides where lines begin and end (`left`, `right`)",
    "logo": "the logo as a picture (`logo.name`, `logo.width`, `logo.height`); empty without one",
    "pictures": "the photos of the items: `{% if item in pictures %}`, then `pictures[item].name`, `.width`, `.height`",
    "web_page": "the address of the issue on the web; empty if there is no such page",
    "unsubscribe": "`reader(unsubscribe)` writes where a reader can unsubscribe; empty without `[unsubscribe]`",
    "reader": '`reader("city", "your town")` writes what the subscriber list says about each reader in that column; '
    "if it says nothing, the second text",
}
"""What every template is given."""

ITEM_VALUES: Mapping[str, str] = {
    "item": "the item",
    "heading": "`h3` in a section with a title, otherwise `h2`",
}
"""What the templates of an item are given as well."""

FILTERS: Mapping[str, str] = {
    "prose": "a text of the issue as HTML: paragraphs, lists, quotations",
    "plain_prose": "a text of the issue as plain text",
    "headline": "an item's headline; if it has none, its label",
    "label": "the kind of an item, such as “Press release”; empty for an article",
    "byline": "an item's publisher and date",
    "credit": "what `publisher` and `photographer` make, together",
    "publisher": 'with `notice = "item"` under `[look]`, the sentence that says who published the article',
    "photographer": "who took an item's photo; empty if the email doesn't show the photo",
    "contact": "the line with an item's contact",
    "tappable": "HTML with links to the addresses and telephone numbers in a text",
    "link_text": "the text of the link to an article",
    "date": "a date in full, in the language of the email",
    "isolated": "a text in which names and numbers in Latin letters stay in order between Uyghur words",
    "typeset": "a text as `isolated` makes it, without line breaks within a date, or between a number and its unit",
    "heading": "a heading as `typeset` makes it, with more than one short word on its last line",
    "whole": "a name as one unit between words of the other direction",
    "nested": "a text with the quotation marks that belong inside others",
    "wrapped": "plain text in lines of 72 columns",
    "underlined": 'plain text with a line below it: `underlined("=")`',
}
"""What the package adds to the filters of Jinja. `{{ item | headline }}` applies one."""
