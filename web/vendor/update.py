#!/usr/bin/env python3
"""Brings the console's libraries from their packages and checks that they are what VENDORED.md says.

    python3 -m venv /tmp/vendor && /tmp/vendor/bin/pip install fonttools==4.68.0 brotli==1.2.1
    /tmp/vendor/bin/python web/vendor/update.py

Needs pip and apt-get (Debian's fonts-inter-variable). To take another icon, add its name to ICONS and run it again; to
take another version, change PACKAGES, then the hashes in VENDORED.md.
"""

import hashlib
import io
import json
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = {
    "nicegui==3.18.0": {"nicegui/static/vue.esm-browser.prod.js": "vue/vue.esm-browser.prod.js"},
    "youplot==1.0.0": {
        "youplot/vendor/uplot.iife.min.js": "uplot/uplot.iife.min.js",
        "youplot/vendor/uplot.min.css": "uplot/uplot.min.css",
    },
}
LUCIDE = "justmyresource-lucide==0.575.0"
ICONS = """
activity archive arrow-down arrow-down-right arrow-left arrow-left-right arrow-right arrow-up arrow-up-right badge-check
ban banknote bell bell-off bot brain building-2 calendar chart-line chart-pie check chevron-down chevron-left
chevron-right chevron-up chevrons-up-down circle-alert circle-check circle-dollar-sign circle-pause circle-play
circle-question-mark circle-x clipboard-check clock code coins columns-3 copy cpu credit-card database download ellipsis
external-link eye eye-off file-text fingerprint-pattern flag flask-conical folder-tree gauge git-branch globe
hash heart-pulse history house image inbox info key-round languages layers layout-dashboard lightbulb link list
list-filter loader-circle lock log-in log-out mail menu message-square monitor moon network package pause pencil
percent pin play plug plus power radio receipt refresh-cw rotate-ccw route save scale scroll-text search send server
settings share-2 shield shield-alert shield-check shield-off shuffle sliders-horizontal sparkles square star sun tag
target terminal thermometer thumbs-down thumbs-up timer trash-2 trending-down trending-up triangle-alert undo-2 upload
user user-plus users wallet waypoints webhook wrench x zap
""".split()
# Latin, its accents, punctuation, arrows and currencies; all else comes from the reader's own fonts.
UNICODES = "U+0020-007E,U+00A0-00FF,U+0131,U+0152-0153,U+02C6,U+02DA,U+02DC,U+2010-2015,U+2018-201E,U+2020-2022," \
    "U+2026,U+2030,U+2032-2033,U+2039-203A,U+2044,U+20AC,U+2122,U+2190-2193,U+2212,U+2248,U+2260,U+2264-2265"


def wheel(package: str, folder: Path) -> zipfile.ZipFile:
    subprocess.run(["pip", "download", "--quiet", "--no-deps", "--dest", folder, package], check=True)
    name = package.split("==")[0].replace("-", "_")
    return zipfile.ZipFile(next(folder.glob(f"{name}-*.whl")))


def put(path: str, data: bytes) -> None:
    target = HERE / path
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)


def icons(folder: Path) -> None:
    package = wheel(LUCIDE, folder)
    drawings = zipfile.ZipFile(io.BytesIO(package.read("justmyresource_lucide/icons.zip")))
    paths = {Path(name).stem: name for name in drawings.namelist() if name.endswith(".svg")}
    lines = ["// Path data of Lucide 0.575.0, ISC licence (LICENSE beside this file). Written by update.py: do not edit.",
             "export default {"]
    for icon in sorted(set(ICONS)):
        root = ElementTree.fromstring(drawings.read(paths[icon]))
        shapes = [[element.tag.split("}")[1], dict(element.attrib)] for element in root]
        lines.append(f"  {json.dumps(icon)}: {json.dumps(shapes, separators=(',', ':'))},")
    put("lucide/icons.js", ("\n".join([*lines, "};"]) + "\n").encode())
    licence = next(name for name in package.namelist() if name.endswith("LUCIDE-LICENSE"))
    put("lucide/LICENSE", package.read(licence))


def font(folder: Path) -> None:
    subprocess.run(["apt-get", "--quiet", "download", "fonts-inter-variable"], cwd=folder, check=True)
    subprocess.run(["dpkg-deb", "--extract", next(folder.glob("fonts-inter-variable*.deb")), folder / "inter"], check=True)
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    typeface = TTFont(next((folder / "inter").rglob("Inter-roman.var.ttf")), recalcTimestamp=False)
    instancer.instantiateVariableFont(typeface, {"wght": (400, 700)}, inplace=True)
    options = subset.Options()
    options.layout_features = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "case", "zero"]
    options.flavor = "woff2"
    shrinker = subset.Subsetter(options)
    shrinker.populate(unicodes=subset.parse_unicodes(UNICODES))
    shrinker.subset(typeface)
    typeface.flavor = "woff2"
    with io.BytesIO() as out:
        typeface.save(out)
        put("inter/Inter-latin-400-700.var.woff2", out.getvalue())
    put("inter/LICENSE", next((folder / "inter").rglob("copyright")).read_bytes())


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for package, files in PACKAGES.items():
            archive = wheel(package, folder)
            for source, target in files.items():
                put(target, archive.read(source))
        icons(folder)
        font(folder)
    known = (HERE / "VENDORED.md").read_text()
    for path in sorted(HERE.rglob("*")):
        if path.suffix in (".js", ".css", ".woff2"):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            print("as it was" if digest in known else "CHANGED  ", path.relative_to(HERE), digest)


if __name__ == "__main__":
    main()
