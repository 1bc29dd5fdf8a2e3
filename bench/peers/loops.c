// Plain loops, written so that a compiler can vectorise them: every inner loop runs along rows, and a weight's gradient is
// applied as soon as it is summed.
#include "peer.h"

#define ALIGNED __attribute__((aligned(64)))
static float W[M][M] ALIGNED, U[K][M] ALIGNED, V[K][M] ALIGNED, b[M] ALIGNED, c[K] ALIGNED;   // U by column
static float W2[M][M] ALIGNED, U2[K][M] ALIGNED, V2[K][M] ALIGNED, b2[M] ALIGNED, c2[K] ALIGNED;
static float h[T + 1][M] ALIGNED, p[T][K] ALIGNED, dz[T][M] ALIGNED;

static void start(const float *weights) {
    memcpy(W, weights, sizeof W);
    for (int i = 0; i < M; i++) {
        for (int k = 0; k < K; k++) {
            U[k][i] = weights[M * M + i * K + k];
        }
    }

    memcpy(V, weights + M * M + M * K, sizeof V);
}

static void forget(void) { memset(h[0], 0, sizeof h[0]); }

static void adagrad(float *restrict weights, float *restrict sums, const float *restrict gradient, int count) {
    for (int i = 0; i < count; i++) {
        float g = gradient[i] > clip ? clip : gradient[i] < -clip ? -clip : gradient[i];
        sums[i] += g * g;
        weights[i] -= eta * g / sqrtf(sums[i] + epsilon);
    }
}

// One row of a weight's gradient, sum over t of left[t][row] right[t], and AdaGrad on it.
static void update_row(float *restrict weights, float *restrict sums, const float *left, int stride, float (*restrict right)[M]) {
    float gradient[M] ALIGNED;
    memset(gradient, 0, sizeof gradient);
    for (int t = 0; t < T; t++) {
        for (int j = 0; j < M; j++) {
            gradient[j] += left[t * stride] * right[t][j];
        }
    }

    adagrad(weights, sums, gradient, M);
}

static float update(const unsigned char *x, const unsigned char *y) {
    float loss = 0;
    for (int t = 0; t < T; t++) {
        float a[M] ALIGNED;
        for (int i = 0; i < M; i++) {
            float sum = 0;
            for (int j = 0; j < M; j++) {
                sum += W[i][j] * h[t][j];
            }

            a[i] = sum;
        }

        for (int i = 0; i < M; i++) {
            h[t + 1][i] = tanhf(a[i] + U[x[t]][i] + b[i]);
        }
    }

    for (int k = 0; k < K; k++) {
        for (int t = 0; t < T; t++) {
            float sum = 0;
            for (int j = 0; j < M; j++) {
                sum += V[k][j] * h[t + 1][j];
            }

            p[t][k] = sum + c[k];
        }
    }

    for (int t = 0; t < T; t++) {
        float largest = p[t][0], sum = 0, target = p[t][y[t]];
        for (int k = 0; k < K; k++) {
            largest = p[t][k] > largest ? p[t][k] : largest;
        }

        for (int k = 0; k < K; k++) {
            p[t][k] = expf(p[t][k] - largest);
            sum += p[t][k];
        }

        for (int k = 0; k < K; k++) {
            p[t][k] /= sum;
        }

        p[t][y[t]] -= 1;
        loss += logf(sum) + largest - target;
    }

    for (int t = T - 1; t >= 0; t--) {
        memset(dz[t], 0, sizeof dz[t]);
        for (int k = 0; k < K; k++) {
            for (int j = 0; j < M; j++) {
                dz[t][j] += V[k][j] * p[t][k];
            }
        }

        for (int i = 0; t < T - 1 && i < M; i++) {
            for (int j = 0; j < M; j++) {
                dz[t][j] += W[i][j] * dz[t + 1][i];
            }
        }

        for (int j = 0; j < M; j++) {
            dz[t][j] *= 1 - h[t + 1][j] * h[t + 1][j];
        }
    }

    for (int k = 0; k < K; k++) {
        update_row(V[k], V2[k], &p[0][k], K, h + 1);
    }

    for (int i = 0; i < M; i++) {
        update_row(W[i], W2[i], &dz[0][i], M, h);
    }

    float db[M] ALIGNED = {0}, dc[K] ALIGNED = {0};
    for (int t = 0; t < T; t++) {
        for (int i = 0; i < M; i++) {
            db[i] += dz[t][i];
        }

        for (int k = 0; k < K; k++) {
            dc[k] += p[t][k];
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
                gradient[i] += dz[s][i];
            }
        }

        adagrad(U[x[t]], U2[x[t]], gradient, M);
    }

    memcpy(h[0], h[T], sizeof h[0]);
    return loss;
}
