#!/bin/sh
# Makes docs/demo.png and docs/report.png anew, from the demo on this machine.
# Needs Chromium (Debian: chromium; or set CHROMIUM), and 'script' of util-linux for the demo's colours.
set -eu

docs=$(cd "$(dirname "$0")" && pwd -P)
redrive=$docs/../redrive
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

chromium=${CHROMIUM:-}
for name in chromium chromium-browser google-chrome; do
  [ -n "$chromium" ] || chromium=$(command -v "$name" || true)
done
if [ -z "$chromium" ]; then
  echo "pictures.sh: there is no Chromium on the PATH. Install it, or set CHROMIUM." >&2
  exit 1
fi

# picture FILE.html FILE.png WIDTH HEIGHT
picture() {
  "$chromium" --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/profile" \
    --force-device-scale-factor=1 --window-size="$3,$4" --screenshot="$2" "file://$1" >"$work/chromium.log" 2>&1 \
    || { cat "$work/chromium.log" >&2; exit 1; }
}

# What a terminal shows, as a page: text, bold, and the few colours that redrive uses.
terminal_page() {
  cat <<'HEAD'
<!doctype html>
<meta charset="utf-8">
<style>
  body { margin: 0; padding: 20px 24px; background: #14181f; color: #d8dee9; }
  pre { margin: 0; font: 15px/1.45 "DejaVu Sans Mono", monospace; }
  .b1 { font-weight: bold; color: #fff; } .b2 { color: #8a94a6; }
  .b31 { color: #ff7b72; } .b32 { color: #56d364; } .b33 { color: #e3b341; }
</style>
<pre>
HEAD
  # A progress line is written over and over: its last state counts.
  tr -d '\000' | sed -e 's/\r$//' -e 's/^.*\r\([^\r]\)/\1/' \
    -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' \
    -e 's/\x1b\[0\{0,1\}m/<\/span>/g' -e 's/\x1b\[\([0-9]*\)m/<span class="b\1">/g' -e 's/\x1b[[?][0-9;?]*[A-Za-z]//g' \
    -e '/^Script \(started\|done\)/d'
  echo '</pre>'
}

"$redrive" --version >/dev/null
script -q -e -c "stty cols 80 rows 40; '$redrive' demo --report '$work/report.html'" "$work/demo.log" </dev/null >/dev/null
sed "s|$work|.|g" "$work/demo.log" | { printf '$ ./redrive demo\n'; cat; } | terminal_page >"$work/demo.html"

lines=$(grep -c '' "$work/demo.html")
picture "$work/demo.html" "$docs/demo.png" 776 "$(((lines - 9) * 22 + 60))"
picture "$work/report.html" "$docs/report.png" 1040 2260
echo "docs/demo.png and docs/report.png are made anew."
