#!/usr/bin/env bash
# From the tree to a package that works where there is no network and no repository:
# sdist and wheel are built and compared, a wheelhouse is filled, and both are installed from it alone.
#   scripts/package.sh           ten minutes: kernels are compiled anew in the fresh environment
#   scripts/package.sh FOLDER    keeps dist, wheelhouse, environment and what was written there
# Needs Python 3.11 or newer with venv, and an index for building and for the wheelhouse.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if (($#)); then
  work=$(mkdir -p "$1" && cd "$1" && pwd)
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
unset VIRTUAL_ENV PYTHONPATH
say() { printf 'package: %s (%d s)\n' "$*" "$SECONDS"; }

# Offline: no index, and where the kernel allows it no network either.
alone=()
unshare --net --map-root-user true 2>/dev/null && alone=(unshare --net --map-root-user)
offline() { "${alone[@]}" "$@"; }

say "build: sdist, and wheel from the sdist"
python3 -m venv "$work/tools"
"$work/tools/bin/pip" install --quiet build mypy
(cd "$root" && git ls-files -z --cached --others --exclude-standard |
  while IFS= read -r -d '' file; do [[ -e $file ]] && printf '%s\0' "$file"; done |
  tar --null --files-from=- -cf -) | (mkdir -p "$work/tree" && tar -xf - -C "$work/tree")
"$work/tools/bin/python" -m build --outdir "$work/dist" "$work/tree" >"$work/build.log"
"$work/tools/bin/python" -m build --wheel --outdir "$work/straight" "$work/tree" >>"$work/build.log"
"$work/tools/bin/python" - "$work"/dist/*.whl "$work"/straight/*.whl <<'PY'
import sys
from zipfile import ZipFile

def held(path):
    return {i.filename: i.CRC for i in ZipFile(path).infolist() if not i.filename.endswith("RECORD")}

one, other = map(held, sys.argv[1:])
assert one == other, sorted(set(one.items()) ^ set(other.items()))[:5]
assert "allohistory/py.typed" in one
print(f"package: {len(one)} files, the same by way of the sdist and from the tree")
PY
say "sdist $(stat -c %s "$work"/dist/*.tar.gz) bytes, wheel $(stat -c %s "$work"/dist/*.whl) bytes"

wheel=$(echo "$work"/dist/*.whl)
"$work/tools/bin/pip" download --quiet --dest "$work/wheelhouse" "$wheel[full]"
say "wheelhouse: $(find "$work/wheelhouse" -name '*.whl' | wc -l) wheels, $(du -sm "$work/wheelhouse" | cut -f1) MB"

# From here on: outside the repository, offline, with caches and runs of its own.
mkdir -p "$work/desk"
cd "$work/desk"
export XDG_CACHE_HOME=$work/cache ALLOHISTORY_HOME=$work/home
python3 -m venv "$work/env"
bin=$work/env/bin
offline "$bin/pip" install --quiet --no-index --find-links "$work/wheelhouse" allohistory
say "installed offline, no extra: $(du -sm "$work/env" | cut -f1) MB with pip"

refused() { # what is said, then a command that must end in one sentence and exit code 2
  local said=$1 code=0
  shift
  offline "$bin/allohistory" "$@" >out 2>err || code=$?
  if ((code != 2)) || [[ $(wc -l <err) != 1 ]] || ! grep -qF "$said" err; then
    echo "package: FAILED: allohistory $*: exit $code, wanted 2 and '$said'"
    cat err
    exit 1
  fi
  echo "package: refused: $(cat err)"
}

offline "$bin/allohistory" --help >/dev/null
refused "allohistory[web]" serve
refused "allohistory[dask]" ask polish-czechoslovak-alliance --runs 8 --executor dask:tcp://127.0.0.1:9
refused "allohistory[check]" check --mechanism dispute
mkdir -p tables
touch tables/cow_states.parquet
refused "allohistory[check]" record verify --data tables
refused "allohistory[check]" record build tables --out whole

say "ask, with kernels compiled first"
offline "$bin/allohistory" ask polish-czechoslovak-alliance --runs 8 --jobs 2 \
  --json --report report.html --markdown answer.md --card card.toml >answer.json
"$bin/python" -c 'import json; a = json.load(open("answer.json")); print("package:", a["headline"]); assert len(a["pods"]) > 2'
grep -q '</html>' report.html
say "ask done; asked again"
offline "$bin/allohistory" ask polish-czechoslovak-alliance --runs 8 --jobs 2 >again.txt
say "answered from what is kept"
printf '#1\nCould Poland ally with Czechoslovakia before 1938?\n#2\n> before 1938?\nTeschen stood between them.\n' >talk.txt
offline "$bin/allohistory" thread talk.txt --out talk.ledger.toml
grep -q '^\[\[claim\]\]' talk.ledger.toml
offline "$bin/allohistory" export answer.json --out plain 2>left.txt
grep -q 'allohistory\[export\]' left.txt
say "thread drafted, export without its extra: $(find plain -type f | wc -l) files"

offline "$bin/pip" install --quiet --no-index --find-links "$work/wheelhouse" 'allohistory[full]'
say "installed offline, every extra: $(du -sm "$work/env" | cut -f1) MB with pip"
offline "$bin/allohistory" export answer.json --out every
[[ -n $(find every -name '*.png') && -n $(find every -name '*.parquet') ]]

"$bin/allohistory" serve --port 0 >serve.txt &
server=$!
for _ in {1..100}; do
  grep -q http serve.txt && break
  sleep 0.1
done
address=$(grep -oE 'http://127[^ ]+' serve.txt)
"$bin/python" - "$address" <<'PY'
import sys
from urllib.request import urlopen

for path in ("", "record?one=Poland&other=Czechoslovakia", "static/web.css"):
    with urlopen(sys.argv[1] + path) as page:
        print(f"package: /{path}: {page.status}, {len(page.read())} bytes")
PY
kill -INT "$server"
wait "$server" || true

cat >typed.py <<'PY'
import allohistory as ah

answer = ah.ask("polish-czechoslovak-alliance", runs=8)
reveal_type(answer)
reveal_type(ah.replay)
ah.ask(1)
PY
"$work/tools/bin/mypy" --strict --python-executable "$bin/python" --cache-dir "$work/mypy" typed.py >typed.txt || true
grep -q 'Revealed type is "\(builtins\.\)\?dict\[' typed.txt
grep -q 'error: Argument 1 to "ask"' typed.txt
if grep -q 'import-untyped\|import-not-found' typed.txt; then
  cat typed.txt
  exit 1
fi
say "mypy --strict reads the types of the installed package"
say "all fine"
