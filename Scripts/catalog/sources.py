"""The published wheels: downloaded, unzipped and read, never installed or run."""
import ast
import datetime
import re
import subprocess
import sys
import zipfile
from decimal import Decimal


def wheel(name, cache, version):
    """The wheel of `name` in the cache, downloaded when it is not there."""
    stem = name.replace("-", "_")
    wanted = f"{stem}-{version}-*.whl" if version else f"{stem}-*.whl"
    found = sorted(cache.glob(wanted), key=lambda p: p.stat().st_mtime)
    if not found:
        spec = f"{name}=={version}" if version else name
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                        "--dest", str(cache), spec], check=True)
        found = sorted(cache.glob(wanted), key=lambda p: p.stat().st_mtime)
    return found[-1], found[-1].name.split("-")[1]


def read(path, member):
    with zipfile.ZipFile(path) as z:
        return z.read(member).decode("utf-8")


def value(node):
    """A literal of the data file; calls become dictionaries, nothing runs."""
    if isinstance(node, ast.Call):
        args = [value(a) for a in node.args]
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        if name == "Decimal":
            return Decimal(args[0])
        if name == "date":
            return datetime.date(*args)
        if name == "time":
            return datetime.time(*args)
        return {"_": name, **{k.arg: value(k.value) for k in node.keywords}}
    if isinstance(node, ast.List):
        return [value(e) for e in node.elts]
    if isinstance(node, ast.Dict):
        return {value(k): value(v) for k, v in zip(node.keys, node.values)}
    if isinstance(node, ast.Attribute):
        return node.attr
    return ast.literal_eval(node)


def genai_providers(path):
    tree = ast.parse(read(path, "genai_prices/data.py"))
    for statement in tree.body:
        if isinstance(statement, ast.AnnAssign) and statement.target.id == "providers":
            return value(statement.value)
    raise SystemExit("genai-prices: the list of providers was not found")


def newest_date(text, today):
    """The newest day the data itself mentions: the best offline stand-in for its release date."""
    found = [d for d in re.findall(r"\b20\d\d-[01]\d-[0-3]\d\b", text) if d <= today]
    return max(found) if found else today
