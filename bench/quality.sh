#!/bin/bash
# What networks of different cells and sizes come to on text they were not trained on; docs/quality.md has the tables.
#   choose   what --preset quality was chosen from: trained on the first eight tenths, judged on the ninth, some five minutes of two cores each
#   sizes    a dozen cells and sizes: trained on nine tenths, judged on the last, five minutes of one core each
#   preset   the commands of docs/quality.md on nine tenths, judged on the last
# Updates are given, not minutes, so that the figures are the same on every machine of one instruction set; how long they take is printed. Seed 1, last weights.
# usage: bench/quality.sh CHARRNN TEXT choose|sizes|preset    takes twenty minutes, an hour, and twenty-five minutes on two Zen 5 cores
set -eu
charrnn=$(realpath "${1:?the charrnn executable}") text=$(realpath "${2:?a text, such as a novel}") table=${3:?choose, sizes or preset} folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
size=$(wc -c < "$text")
part() { head -c $((size * $2 / 10)) "$text" | tail -c +$((size * $1 / 10 + 1)) | iconv -f UTF-8 -t UTF-8 -c; }
part 0 8 > eight.txt; part 0 9 > nine.txt; part 8 9 > ninth.txt; part 9 10 > last.txt

# The bits a character that a file of weights needs on a text.
bits() { "$charrnn" eval "$1" "$2" --unknown skip --json 2> errors | sed 's/.*"mean_loss":\([0-9.eE+-]*\).*/\1/' | awk '{ printf "%.3f", $1 / log(2) }'; }

# train TEXT JUDGED-ON THREADS, then rows of cell, layers, size, dropout, eta, updates
train() {
    printf '%-8s %6s %5s %8s %6s %8s %8s %6s\n' cell layers size dropout eta updates seconds bits
    while read -r cell layers hidden dropout eta updates; do
        rm -rf run
        begun=$SECONDS
        "$charrnn" train "$1" --out run --quiet --sample-every 0 --threads "$3" --cell "$cell" --layers "$layers" --hidden "$hidden" --dropout "$dropout" --eta "$eta" \
            --steps "$updates" --streams 32 --seq-length 64 --optimizer adam --loss mean --schedule cosine --warmup 200 --clip-norm 1 > run.path
        printf '%-8s %6s %5s %8s %6s %8s %8s %6s\n' "$cell" "$layers" "$hidden" "$dropout" "$eta" "$updates" $((SECONDS - begun)) "$(bits run/last.safetensors "$2")"
    done
}

case $table in
    choose) train eight.txt ninth.txt 2 << 'END' ;;
lstm 2 256 0.4 0.003 6000
gru 2 256 0.4 0.002 7500
lstm 2 384 0.5 0.003 3300
gru 1 384 0.2 0.003 4400
END
    sizes) train nine.txt last.txt 1 << 'END' ;;
vanilla 1 100 0 0.002 61000
vanilla 1 256 0.1 0.002 27500
vanilla 1 512 0.3 0.002 9250
gru 1 128 0.1 0.003 41000
gru 1 256 0.3 0.003 13800
gru 1 512 0.5 0.003 4100
gru 2 256 0.4 0.003 5350
lstm 1 128 0.1 0.003 34900
lstm 1 256 0.3 0.003 11100
lstm 1 512 0.5 0.003 3370
lstm 2 128 0.3 0.003 13900
lstm 2 256 0.4 0.003 3800
END
    preset)
        while read -r options; do
            rm -rf run
            begun=$SECONDS
            # shellcheck disable=SC2086
            "$charrnn" train nine.txt --out run --quiet --preset quality $options > run.path
            echo "--preset quality $options: $((SECONDS - begun)) seconds, $(bits run/last.safetensors last.txt) bits a character"
        done << 'END' ;;

--validation 0.05
--hidden 384 --dropout 0.5 --steps 9500
END
    *) echo "$table is neither choose, sizes nor preset." >&2; exit 2 ;;
esac
