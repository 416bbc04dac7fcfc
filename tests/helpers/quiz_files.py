"""Read quizzes back as platforms read them: GIFT as Moodle's importer does, QTI 1.2 as Canvas's."""

from __future__ import annotations

import html
import io
import re
import zipfile
from xml.etree import ElementTree

QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
MANIFEST = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"
CANVAS = "{http://canvas.instructure.com/xsd/cccv1p0}"
ESCAPED = ":#={}~"


def read_gift(text: str) -> tuple[list[str], list[dict]]:
    """Categories and questions of a GIFT file, by the steps of Moodle's ``question/format/gift/format.php``.

    Raises:
        ValueError: if a paragraph is neither a category nor one question of one right answer that is written strictly.
    """
    categories, questions = [], []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        if paragraph.startswith("$CATEGORY: "):
            categories.append(paragraph.removeprefix("$CATEGORY: "))
            continue
        hidden = paragraph.replace("\\\\", "\0b")
        for character in ESCAPED:
            hidden = hidden.replace("\\" + character, f"\0{ord(character):03}")
        if "\\" in hidden:
            raise ValueError(f"a backslash escapes nothing: {paragraph}")
        match = re.fullmatch(r"::([^:{}~=#]+)::([^{}~=#:]+)\{([^{}#:]+)\}", hidden, re.DOTALL)
        if not match:
            raise ValueError(f"no question: {paragraph}")
        name, stem, choices = match.groups()
        found = re.findall(r"([~=])([^~=]+)", choices)
        if "".join(mark + text for mark, text in found) != choices.lstrip():
            raise ValueError(f"something stands before the first choice: {paragraph}")
        questions.append(
            {
                "name": name,
                "question": formatted(stem),
                "answers": [(mark == "=", formatted(choice)) for mark, choice in found],
            }
        )
    return categories, questions


def formatted(text: str) -> str:
    """The HTML behind ``[html]``, with what was escaped put back.

    Raises:
        ValueError: if the text is in another format.
    """
    text = text.strip()
    if not text.startswith("[html]"):
        raise ValueError(f"not in HTML: {text}")
    for character in ESCAPED:
        text = text.replace(f"\0{ord(character):03}", character)
    return text.removeprefix("[html]").replace("\0b", "\\")


def read_package(package: bytes) -> dict:
    """Title, settings and questions of a QTI package.

    Raises:
        ValueError: if the manifest names a file that is not there, or a question is not as Canvas reads one of several choices.
    """
    archive = zipfile.ZipFile(io.BytesIO(package))
    manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    named = [each.get("href") for each in manifest.iter(f"{MANIFEST}file")]
    if {"imsmanifest.xml", *named} != set(archive.namelist()):
        raise ValueError(f"the manifest names {named}, there are {archive.namelist()}")
    resources = {each.get("type"): each for each in manifest.iter(f"{MANIFEST}resource")}
    (path,) = [each.get("href") for each in resources["imsqti_xmlv1p2"].iter(f"{MANIFEST}file")]
    (meta,) = [name for name in named if name.endswith("assessment_meta.xml")]
    settings = ElementTree.fromstring(archive.read(meta))
    root = ElementTree.fromstring(archive.read(path))
    return {
        "title": root.find(f"{QTI}assessment").get("title"),
        "settings": {each.tag.removeprefix(CANVAS): each.text for each in settings},
        "questions": [read_item(item) for item in root.iter(f"{QTI}item")],
    }


def read_item(item: ElementTree.Element) -> dict:
    """One question of a QTI assessment."""
    fields = {
        each.findtext(f"{QTI}fieldlabel"): each.findtext(f"{QTI}fieldentry")
        for each in item.iter(f"{QTI}qtimetadatafield")
    }
    if fields["question_type"] != "multiple_choice_question":
        raise ValueError(f"a question is a {fields['question_type']}")
    (response,) = item.iter(f"{QTI}response_lid")
    choices = {
        each.get("ident"): each.findtext(f"{QTI}material/{QTI}mattext")
        for each in response.iter(f"{QTI}response_label")
    }
    (scored,) = item.iter(f"{QTI}respcondition")
    if scored.findtext(f"{QTI}setvar") != "100" or response.get("rcardinality") != "Single":
        raise ValueError("a question should have one right answer that earns all")
    right = scored.findtext(f"{QTI}conditionvar/{QTI}varequal")
    if right not in choices or set(fields["original_answer_ids"].split(",")) != set(choices):
        raise ValueError("the right answer is none of the choices")
    return {
        "name": item.get("title"),
        "points": fields["points_possible"],
        "question": item.findtext(f"{QTI}presentation/{QTI}material/{QTI}mattext"),
        "answers": [(ident == right, text) for ident, text in choices.items()],
    }


def shown(text: str) -> str:
    """What a browser shows of HTML, spaces made single."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())
