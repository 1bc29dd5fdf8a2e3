#!/bin/bash
# What an update takes with each optimiser, for the exercise's network (hidden size 100, 25 characters, one stream, one thread): rounds in turn, the least
# and the median of each, and how many times AdaGrad's that is. Fails where Adam's least is more than 1.2 times AdaGrad's.
# usage: bench/optimizers.sh CHARRNN TEXT [ROUNDS]    (a minute for a text such as tinyshakespeare)
set -eu
export LC_ALL=C
charrnn=$(realpath "${1:?the charrnn executable}") text=$(realpath "${2:?a text}") rounds=${3:-9} folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for _ in $(seq "$rounds"); do
    for optimizer in adagrad adam sgd; do
        rm -rf "$folder/run"
        "$charrnn" train "$text" --out "$folder/run" --optimizer "$optimizer" --steps 30000 --sample-every 0 --threads 1 --quiet --json 2> /dev/null \
            | sed -nE 's/.*"microseconds_per_update":([0-9.]+).*/\1/p' >> "$folder/$optimizer"
    done
done
grep -m 1 'model name' /proc/cpuinfo | sed 's/.*: //'
printf '%-10s %10s %10s %14s\n' optimizer 'least us' 'median us' 'times adagrad'
for optimizer in adagrad adam sgd; do
    sort -n "$folder/$optimizer" | awk -v name="$optimizer" -v base="$(sort -n "$folder/adagrad" | head -n 1)" '
        { time[NR] = $1 }
        END { printf "%-10s %10.2f %10.2f %14.2f\n", name, time[1], time[int((NR + 1) / 2)], time[1] / base; exit name == "adam" && time[1] > 1.2 * base }'
done
