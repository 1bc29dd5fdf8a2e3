// Eigen with sizes that are constants of the program: what a C++ programmer would write for the fastest result.
#include "peer.h"
#include <Eigen/Dense>

using Eigen::Matrix;
using Eigen::RowMajor;

static Matrix<float, M, M, RowMajor> W, W2, dW;
static Matrix<float, K, M, RowMajor> V, V2, dV;
static Matrix<float, M, K> U, U2;
static Matrix<float, M, 1> b, b2;
static Matrix<float, K, 1> c, c2;
static Matrix<float, M, T + 1> H;
static Matrix<float, K, T> P;
static Matrix<float, M, T> DZ;

static void start(const float *weights) {
    W = Eigen::Map<const Matrix<float, M, M, RowMajor>>(weights);
    U = Eigen::Map<const Matrix<float, M, K, RowMajor>>(weights + M * M);
    V = Eigen::Map<const Matrix<float, K, M, RowMajor>>(weights + M * M + M * K);
    W2.setZero(), U2.setZero(), V2.setZero(), b.setZero(), b2.setZero(), c.setZero(), c2.setZero(), H.setZero();
}

static void forget() { H.col(0).setZero(); }

template <class Weights, class Sums, class Gradient>
static inline void adagrad(Weights &&weights, Sums &&sums, const Gradient &gradient) {
    const auto g = gradient.array().max(-clip).min(clip).eval();
    sums.array() += g * g;
    weights.array() -= eta * g * (sums.array() + epsilon).rsqrt();
}

static float update(const unsigned char *x, const unsigned char *y) {
    for (int t = 0; t < T; t++) {
        Matrix<float, M, 1> a = b + U.col(x[t]);
        a.noalias() += W * H.col(t);
        H.col(t + 1) = a.array().tanh().matrix();
    }

    P.noalias() = V * H.template rightCols<T>();
    P.colwise() += c;
    float loss = 0;
    for (int t = 0; t < T; t++) {
        auto p = P.col(t);
        const float largest = p.maxCoeff(), target = p[y[t]];
        p = (p.array() - largest).exp();
        const float sum = p.sum();
        p *= 1 / sum;
        p[y[t]] -= 1;
        loss += logf(sum) + largest - target;
    }

    DZ.noalias() = V.transpose() * P;
    for (int t = T - 1; t >= 0; t--) {
        if (t < T - 1) {
            DZ.col(t).noalias() += W.transpose() * DZ.col(t + 1);
        }

        DZ.col(t).array() *= 1 - H.col(t + 1).array().square();
    }

    dV.noalias() = P * H.template rightCols<T>().transpose();
    adagrad(V, V2, dV);
    dW.noalias() = DZ * H.template leftCols<T>().transpose();
    adagrad(W, W2, dW);
    adagrad(b, b2, DZ.rowwise().sum().eval());
    adagrad(c, c2, P.rowwise().sum().eval());

    // A column of U whose character does not occur has gradient zero and stays as it is.
    bool done[K] = {};
    for (int t = 0; t < T; t++) {
        if (done[x[t]]) {
            continue;
        }

        done[x[t]] = true;
        Matrix<float, M, 1> gradient = DZ.col(t);
        for (int s = t + 1; s < T; s++) {
            if (x[s] == x[t]) {
                gradient += DZ.col(s);
            }
        }

        adagrad(U.col(x[t]), U2.col(x[t]), gradient);
    }

    H.col(0) = H.col(T).eval();
    return loss;
}
