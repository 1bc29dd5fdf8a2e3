// OpenBLAS: matrix-vector products for what goes one time step after the other, one matrix product for everything else.
#include "peer.h"
#include <cblas.h>

#define ALIGNED __attribute__((aligned(64)))
static float W[M * M] ALIGNED, U[K * M] ALIGNED, V[K * M] ALIGNED, b[M] ALIGNED, c[K] ALIGNED;   // U by column
static float W2[M * M] ALIGNED, U2[K * M] ALIGNED, V2[K * M] ALIGNED, b2[M] ALIGNED, c2[K] ALIGNED;
static float dW[M * M] ALIGNED, dV[K * M] ALIGNED;
static float h[(T + 1) * M] ALIGNED, p[T * K] ALIGNED, dz[T * M] ALIGNED;

void openblas_set_num_threads(int);

static void start(const float *weights) {
    openblas_set_num_threads(1);
    memcpy(W, weights, sizeof W);
    for (int i = 0; i < M; i++) {
        for (int k = 0; k < K; k++) {
            U[k * M + i] = weights[M * M + i * K + k];
        }
    }

    memcpy(V, weights + M * M + M * K, sizeof V);
}

static void forget(void) { memset(h, 0, M * sizeof(float)); }

static void adagrad(float *restrict weights, float *restrict sums, const float *restrict gradient, int count) {
    for (int i = 0; i < count; i++) {
        float g = gradient[i] > clip ? clip : gradient[i] < -clip ? -clip : gradient[i];
        float sum = sums[i] + g * g;
        sums[i] = sum;
        weights[i] -= eta * g / sqrtf(sum + epsilon);
    }
}

static float update(const unsigned char *x, const unsigned char *y) {
    float loss = 0;
    for (int t = 0; t < T; t++) {
        float *next = h + (t + 1) * M;
        for (int i = 0; i < M; i++) {
            next[i] = U[x[t] * M + i] + b[i];
        }

        cblas_sgemv(CblasRowMajor, CblasNoTrans, M, M, 1, W, M, h + t * M, 1, 1, next, 1);
        for (int i = 0; i < M; i++) {
            next[i] = tanhf(next[i]);
        }
    }

    for (int t = 0; t < T; t++) {
        memcpy(p + t * K, c, sizeof c);
    }

    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, T, K, M, 1, h + M, M, V, M, 1, p, K);
    for (int t = 0; t < T; t++) {
        float *row = p + t * K, largest = row[0], sum = 0, target = row[y[t]];
        for (int k = 0; k < K; k++) {
            largest = row[k] > largest ? row[k] : largest;
        }

        for (int k = 0; k < K; k++) {
            row[k] = expf(row[k] - largest);
            sum += row[k];
        }

        float scale = 1 / sum;
        for (int k = 0; k < K; k++) {
            row[k] *= scale;
        }

        row[y[t]] -= 1;
        loss += logf(sum) + largest - target;
    }

    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, T, M, K, 1, p, K, V, M, 0, dz, M);
    for (int t = T - 1; t >= 0; t--) {
        float *row = dz + t * M, *state = h + (t + 1) * M;
        if (t < T - 1) {
            cblas_sgemv(CblasRowMajor, CblasTrans, M, M, 1, W, M, row + M, 1, 1, row, 1);
        }

        for (int j = 0; j < M; j++) {
            row[j] *= 1 - state[j] * state[j];
        }
    }

    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, K, M, T, 1, p, K, h + M, M, 0, dV, M);
    adagrad(V, V2, dV, K * M);
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, M, M, T, 1, dz, M, h, M, 0, dW, M);
    adagrad(W, W2, dW, M * M);

    float db[M] ALIGNED = {0}, dc[K] ALIGNED = {0};
    for (int t = 0; t < T; t++) {
        for (int i = 0; i < M; i++) {
            db[i] += dz[t * M + i];
        }

        for (int k = 0; k < K; k++) {
            dc[k] += p[t * K + k];
        }
    }

    adagrad(b, b2, db, M);
    adagrad(c, c2, dc, K);

    // A column of U whose character does not occur has gradient zero and stays as it is.
    unsigned char done[K] = {0};
    for (int t = 0; t < T; t++) {
        if (done[x[t]]) {
            continue;
        }

        done[x[t]] = 1;
        float gradient[M] ALIGNED = {0};
        for (int s = t; s < T; s++) {
            for (int i = 0; x[s] == x[t] && i < M; i++) {
                gradient[i] += dz[s * M + i];
            }
        }

        adagrad(U + x[t] * M, U2 + x[t] * M, gradient, M);
    }

    memcpy(h, h + T * M, M * sizeof(float));
    return loss;
}
