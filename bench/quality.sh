#!/bin/bash
# What --preset quality was chosen from: networks trained on the first eight tenths of a text, each for as many updates as some five minutes on
# two Zen 3 cores allow, and what their last weights need on the ninth tenth. The last tenth is not read.
# usage: bench/quality.sh CHARRNN TEXT    takes half an hour on two cores
set -eu
charrnn=$(realpath "${1:?the charrnn executable}") text=$(realpath "${2:?a text, such as a novel}") folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
size=$(wc -c < "$text")
head -c $((size * 8 / 10)) "$text" | iconv -f UTF-8 -t UTF-8 -c > train.txt
head -c $((size * 9 / 10)) "$text" | tail -c +$((size * 8 / 10 + 1)) | iconv -f UTF-8 -t UTF-8 -c > ninth.txt
printf '%-6s %6s %5s %8s %6s %8s %8s %6s\n' cell layers size dropout eta updates seconds bits
while read -r cell layers size dropout eta steps; do
    rm -rf run
    begun=$SECONDS
    "$charrnn" train train.txt --out run --quiet --sample-every 0 --cell "$cell" --layers "$layers" --hidden "$size" --dropout "$dropout" --eta "$eta" --steps "$steps" \
        --streams 32 --seq-length 64 --optimizer adam --loss mean --schedule cosine --warmup 200 --clip-norm 1 > run.path
    seconds=$((SECONDS - begun))
    bits=$("$charrnn" eval run/last.safetensors ninth.txt --unknown skip --json 2> errors | sed 's/.*"mean_loss":\([0-9.eE+-]*\).*/\1/' | awk '{ printf "%.3f", $1 / log(2) }')
    printf '%-6s %6s %5s %8s %6s %8s %8s %6s\n' "$cell" "$layers" "$size" "$dropout" "$eta" "$steps" "$seconds" "$bits"
done << END
gru 1 384 0.2 0.003 4400
lstm 1 256 0.2 0.004 6800
lstm 1 256 0.1 0.004 6800
gru 1 256 0.1 0.003 8100
lstm 1 384 0.2 0.003 3500
lstm 2 192 0.1 0.004 3700
END
