"""The values and filters that templates are given, in words for whoever changes one. Their names are
public: organisations' own templates use them. docs/templates.md shows these tables.
"""

from collections.abc import Mapping

VALUES: Mapping[str, str] = {
    "issue": "what the issue file contains; go through the items with `{% for section in issue.sections %}` and "
    "`{% for item in section.items %}`",
    "id": "the issue's id: `2020-10-09`",
    "date": "its date; `{{ date | date }}` writes it in full. Empty in the inbox",
    "subject": "the subject of the email: the issue's own, or else its title",
    "preheader": "the words that lists of emails show beside the subject",
    "issue_heading": "the issue's own heading: subject or title; empty if that only repeats the masthead",
    "dateline": "the line below the newsletter's name: date and organisation",
    "contents": "the items for the list of headlines; empty if the email has no such list",
    "corrected": "in a correction, the issue that it corrects; otherwise empty",
    "notice_at_foot": "whether the footer says whose the articles are: `[look] notice`",
    "newsletter": "the settings of `[newsletter]` in the language of the email",
    "look": "the settings of `[look]`",
    "lang": "the language of the email: `lang.code` is `ug`, `lang.direction` is `rtl` or `ltr`, and `lang.start` and "
    "`lang.end` are the sides where lines begin and end (`left`, `right`)",
    "logo": "the logo as a picture (`logo.name`, `logo.width`, `logo.height`); empty without one",
    "pictures": "the photos of the items: `{% if item in pictures %}`, then `pictures[item].name`, `.width`, `.height`",
    "web_page": "the address of the issue on the web; empty if there is no such page",
    "unsubscribe": "`reader(unsubscribe)` writes where a reader can unsubscribe; empty without `[unsubscribe]`",
    "reader": '`reader("city", "your town")` writes what the list says about each reader in that column; without it, '
    "the other words",
}
"""What every template is given."""

ITEM_VALUES: Mapping[str, str] = {
    "item": "the item",
    "heading": "`h3` in a section with a title, otherwise `h2`",
}
"""What the templates of an item are given as well."""

FILTERS: Mapping[str, str] = {
    "prose": "a text of the issue as HTML: paragraphs, lists, quotations",
    "plain_prose": "the same as plain text",
    "headline": "an item's headline; if it has none, its label",
    "label": "the kind of an item, such as “Press release”; empty for an article",
    "byline": "its source and date",
    "credit": "the next two together",
    "publisher": 'with `[look] notice = "item"`, the sentence that says whose article it is',
    "photographer": "who took its photo; empty if the email doesn't show the photo",
    "contact": "the line with the contact",
    "tappable": "HTML with links to the addresses and telephone numbers in a text",
    "link_text": "the words of the link to an article",
    "date": "a date in full, in the language of the email",
    "isolated": "a text in which names and numbers in Latin letters stay in order between Uyghur words",
    "typeset": "the same, and no line breaks within a date or a number with its unit",
    "heading": "the same for a heading, whose last line gets more than one short word",
    "whole": "a name as one unit between words of the other direction",
    "nested": "a text with the quotation marks that belong inside others",
    "wrapped": "plain text in lines of 72 columns",
    "underlined": 'plain text with a line below it: `underlined("=")`',
}
"""What the package adds to the filters of Jinja. `{{ item | headline }}` applies one."""
