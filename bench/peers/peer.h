// What every peer shares: the text as indices of its distinct bytes, the initial weights, the loop over the chunks, a clock.
// A peer defines start(), forget() and update(); HIDDEN (m) and VOCABULARY (K) are given when it is compiled.
//
//   PEER STEPS         runs that many updates and prints the microseconds that each took on average
//   PEER STEPS check   runs them with a learning rate of 1 / m, at which rounding errors hardly grow, and prints the last loss
#pragma once
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { M = HIDDEN, K = VOCABULARY, T = 25 };

static float eta = 0.1f;
static const float clip = 5, epsilon = 1e-8f;

// weights: W [m, m], U [m, K], V [K, m], row by row. The biases start at zero, and so do AdaGrad's sums.
static void start(const float *weights);
// h_0 = 0: the text starts anew.
static void forget(void);
// One chunk forward, backward and AdaGrad; the loss in nats, summed over the chunk.
static float update(const unsigned char *x, const unsigned char *y);

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double uniform(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*state >> 11) + 0.5) / 9007199254740992.0;
}

static unsigned char *read_text(int *length) {
    const char *path = getenv("CHARRNN_TEXT");
    FILE *file = path ? fopen(path, "rb") : NULL;
    if (!file) {
        fprintf(stderr, "CHARRNN_TEXT names no file\n");
        exit(2);
    }

    fseek(file, 0, SEEK_END);
    *length = (int)ftell(file);
    rewind(file);
    unsigned char *text = (unsigned char *)malloc((size_t)*length);
    if (fread(text, 1, (size_t)*length, file) != (size_t)*length) {
        exit(2);
    }

    fclose(file);
    int index[256] = {0}, distinct = 0;
    for (int i = 0; i < *length; i++) {
        index[text[i]] = 1;
    }

    for (int i = 0; i < 256; i++) {
        index[i] = index[i] ? distinct++ : -1;
    }

    if (distinct != K || *length < T + 1) {
        fprintf(stderr, "%d distinct bytes; compiled for %d\n", distinct, K);
        exit(2);
    }

    for (int i = 0; i < *length; i++) {
        text[i] = (unsigned char)index[text[i]];
    }

    return text;
}

int main(int count, char **arguments) {
    int steps = count > 1 ? atoi(arguments[1]) : 1000, check = count > 2, length, position = 0;
    unsigned char *text = read_text(&length);
    size_t parameters = (size_t)M * M + 2 * (size_t)M * K;
    float *weights = (float *)malloc(parameters * sizeof(float)), loss = 0;
    uint64_t state = 42;
    for (size_t i = 0; i < parameters; i++) {
        double radius = sqrt(-2 * log(uniform(&state)));
        weights[i] = (float)(0.01 * radius * cos(6.283185307179586 * uniform(&state)));
    }

    eta = check ? 1.0f / M : 0.1f;
    start(weights);
    double begin = seconds();
    for (int step = 0; step < steps; step++) {
        if (position + T + 1 > length) {
            position = 0;
            forget();
        }

        loss = update(text + position, text + position + 1);
        position += T;
    }

    double microseconds = (seconds() - begin) / steps * 1e6;
    printf(check ? "%.6f\n" : "%.3f\n", check ? (double)loss : microseconds);
    return 0;
}
