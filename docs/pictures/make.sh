#!/usr/bin/env bash
# Makes the README's pictures from what the program really prints and writes.
#   docs/pictures/make.sh [CHARRNN]      the published binary, out/charrnn where it is not given
# Needs Chromium, pngquant, script (util-linux) and the .NET SDK; the pictures in the repository were made with the fonts of
# Debian's fonts-sil-charis, fonts-inter and fonts-dejavu.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
charrnn=$(realpath "${1:-$here/../../out/charrnn}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# The terminal: a training on the built-in tale, recorded.
mkdir bin && ln -s "$charrnn" bin/charrnn && export PATH="$work/bin:$PATH"
TERM=xterm-256color script -qec "stty cols 92 rows 24; charrnn train --out runs/tale" recording >/dev/null </dev/null
dotnet run "$here/TerminalPicture.cs" -- recording "charrnn train --out runs/tale" 0.6 "$here/train.svg"

# The report: of that run, with the gradients checked and the speed measured.
charrnn gradcheck --hidden 100 --vocabulary 75 --json >runs/tale/gradcheck.json
charrnn bench --json >runs/tale/bench.json
charrnn report runs/tale --watch-word Tib
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1120,1240 --screenshot="$work/report.png" "file://$work/runs/tale/report.html" 2>/dev/null
pngquant --force --output "$here/report.png" "$work/report.png"
ls -l "$here"/*.svg "$here"/*.png
