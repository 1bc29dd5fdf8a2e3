#!/bin/bash
# How a trained model fares when a run begins from it (train --init): its last weights after 500, 2,000 and 10,000 further updates with the
# default settings, on the text that they go on with, against what they started from. Two cases: a small text that it goes on with, and from
# the first five sixths of a text to the last; each from the run, from its best weights, and from weights without the optimizer's slots.
# usage: bench/fine-tune.sh CHARRNN TEXT    exit code 1 where one came out worse by more than 2 %
set -eu
charrnn=$(realpath "${1:?the charrnn executable}") text=$(realpath "${2:?a text, such as a novel}") folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for _ in $(seq 200); do echo 'The boats ran under old stone and came home.'; echo 'One small lamp, salt and rope.'; done > small.txt
size=$(wc -c < "$text")
head -c $((size * 5 / 6)) "$text" | iconv -f UTF-8 -t UTF-8 -c > first.txt
tail -c +$((size * 5 / 6 + 1)) "$text" | iconv -f UTF-8 -t UTF-8 -c > last.txt
"$charrnn" train small.txt --out small --hidden 40 --steps 3000 --quiet > small.path
"$charrnn" train first.txt --out first --quiet > first.path

loss() { "$charrnn" eval "$1" "$2" --unknown skip --json 2> errors | sed 's/.*"mean_loss":\([0-9.eE+-]*\).*/\1/'; }
worst=0
printf '%-10s %-28s %10s %10s %10s %10s\n' goes\ on from started 500 2,000 10,000
for case in 'small small.txt' 'first last.txt'; do
    read -r base on <<< "$case"
    cp "$base/best.safetensors" "$base-bare.safetensors"
    for from in "$base" "$base/best.safetensors" "$base-bare.safetensors"; do
        started=$from
        [ -d "$from" ] && started=$from/last.safetensors
        before=$(loss "$started" "$on")
        row=$(printf '%-10s %-28s %10.4f' "$on" "$from" "$before")
        for steps in 500 2000 10000; do
            rm -rf run
            "$charrnn" train "$on" --unknown skip --init "$from" --out run --steps "$steps" --sample-every 0 --quiet > run.path 2> errors
            after=$(loss run/last.safetensors "$on")
            row="$row $(awk -v a="$after" -v b="$before" 'BEGIN { printf "%+9.2f%%", 100 * (a / b - 1) }')"
            if awk -v a="$after" -v b="$before" 'BEGIN { exit !(a > 1.02 * b) }'; then worst=1; fi
        done
        echo "$row"
    done
done
exit $worst
