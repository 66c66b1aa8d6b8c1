"""LightFM on the splits of `bench-cold`: new items, by the same features.

    python lightfm_peer.py FOLDER

FOLDER holds, for each split N, train-N.csv and given-N.csv (user,item: learned from), new-N.csv (user,item:
hidden), items-N.csv (item and its features, by the row of features.npy) and prints one JSON list of the mean
NDCG@10, a number a user. LightFM has no fold-in: it learns from what is given of the judged users too, which the
others see only when they are asked.
"""

import json
import os
import sys

import numpy as np
import scipy.sparse as sparse
from lightfm import LightFM

EPOCHS, DIM = 30, 64


def read(path):
    return np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.int64, ndmin=2)


def ndcg(scores, given, hidden):
    scores[given] = -np.inf
    hits = np.isin(np.argsort(-scores, kind="stable")[:10], hidden)
    discounts = 1 / np.log2(np.arange(2, 12))
    return (hits * discounts).sum() / discounts[: min(10, len(hidden))].sum()


def split(folder, number, features, item_features):
    train, given, hidden = (read(f"{folder}/{name}-{number}.csv") for name in ("train", "given", "new"))
    pairs = np.concatenate([train, given])
    users = 1 + max(pairs[:, 0].max(), hidden[:, 0].max())
    matrix = sparse.coo_matrix((np.ones(len(pairs), np.float32), pairs.T), shape=(users, features.shape[0]))
    model = LightFM(no_components=DIM, loss="warp", random_state=number, learning_rate=0.05)
    model.fit(matrix, item_features=item_features, epochs=EPOCHS, num_threads=os.cpu_count())
    items = np.arange(features.shape[0])
    result = []
    for user in np.unique(hidden[:, 0]):
        scores = model.predict(int(user), items, item_features=item_features)
        result.append(ndcg(scores, given[given[:, 0] == user, 1], hidden[hidden[:, 0] == user, 1]))
    return float(np.mean(result))


def main(folder):
    features = np.load(f"{folder}/features.npy")
    known = sparse.identity(features.shape[0], dtype=np.float32, format="csr")
    scores = {}
    # Its own id beside an item's features, as LightFM's authors advise, and without.
    for name, parts in (("with ids", [known, sparse.csr_matrix(features)]), ("features only", [sparse.csr_matrix(features)])):
        item_features = sparse.hstack(parts, format="csr", dtype=np.float32)
        scores[name] = [split(folder, number, features, item_features) for number in range(5)]
    print(json.dumps(scores))


if __name__ == "__main__":
    main(*sys.argv[1:])
