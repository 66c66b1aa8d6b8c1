"""LightFM on the splits of `bench-cold`: new items, by the same features.

    python lightfm_peer.py FOLDER

FOLDER holds features.csv, a row an item, and for each split N train-N.csv and given-N.csv (user,item: learned
from) and new-N.csv (user,item: hidden). Prints mean NDCG@10 over all judged users as JSON. LightFM has no fold-in:
it learns from what is given of the judged users too, which the others see only when they are asked.
"""

import json
import os
import sys

import numpy as np
import scipy.sparse as sparse
from lightfm import LightFM

EPOCHS, DIM, SENTENCE = 15, 64, 384


def read(path):
    return np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.int64, ndmin=2)


def ndcg(scores, given, hidden):
    scores[given] = -np.inf
    hits = np.isin(np.argsort(-scores, kind="stable")[:10], hidden)
    discounts = 1 / np.log2(np.arange(2, 12))
    return (hits * discounts).sum() / discounts[: min(10, len(hidden))].sum()


def split(folder, number, item_features):
    """NDCG@10 of each judged user, among all items and among the new ones."""
    train, given, hidden = (read(f"{folder}/{name}-{number}.csv") for name in ("train", "given", "new"))
    pairs, count = np.concatenate([train, given]), item_features.shape[0]
    users = 1 + max(pairs[:, 0].max(), hidden[:, 0].max())
    matrix = sparse.coo_matrix((np.ones(len(pairs), np.float32), pairs.T), shape=(users, count))
    model = LightFM(no_components=DIM, loss="warp", random_state=number, learning_rate=0.05)
    model.fit(matrix, item_features=item_features, epochs=EPOCHS, num_threads=os.cpu_count())
    items, among_all, among_new = np.arange(count), [], []
    for user in np.unique(hidden[:, 0]):
        own, relevant = given[given[:, 0] == user, 1], hidden[hidden[:, 0] == user, 1]
        if len(own):
            scores = model.predict(int(user), items, item_features=item_features)
            among_all.append(ndcg(scores.copy(), own, relevant))
            among_new.append(ndcg(scores, np.setdiff1d(items, new_items(folder, number)), relevant))
    return among_all, among_new


def new_items(folder, number):
    return np.loadtxt(f"{folder}/items-{number}.csv", dtype=np.int64)


def main(folder):
    everything = np.loadtxt(f"{folder}/features.csv", delimiter=",", dtype=np.float32)
    # Genres and year. The sentence embedding, the last columns but one, is dense: with it one split takes LightFM half
    # an hour, and reached less among all films.
    features = sparse.csr_matrix(np.delete(everything, np.s_[-1 - SENTENCE : -1], axis=1))
    known = sparse.identity(features.shape[0], dtype=np.float32, format="csr")
    reached = {}
    # With each item's own id beside its features, as LightFM does by itself, and without: the better one counts.
    for parts in ([known, features], [features]):
        item_features = sparse.hstack(parts, format="csr", dtype=np.float32)
        splits = [split(folder, number, item_features) for number in range(5)]
        for name, judged in zip(("among all", "among the new"), zip(*splits)):
            reached[name] = max(reached.get(name, 0), float(np.mean(np.concatenate(judged))))
    print(json.dumps(reached))


if __name__ == "__main__":
    main(*sys.argv[1:])
