"""Train with Spark, recommend in the browser.

Learns ALS from implicit feedback with PySpark, saves the model as Spark saves it, packs it with `foldin pack` and lays
out a static site with `foldin bundle`. The same on a laptop (local[2]) and on a cluster (spark-submit; drop --master).

    pip install -r requirements.txt            # and Java 17
    python train.py interactions.csv site/     # columns: user, item, rating, timestamp
    python -m http.server --directory site/

Ids must be whole numbers, as Spark's ALS wants them; map yours with StringIndexer and pack with --ids.
"""

import argparse
import json
import math
import shutil
import subprocess
from pathlib import Path

from pyspark.ml.recommendation import ALS
from pyspark.sql import SparkSession, Window, functions as f

TOP = 10


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("interactions", help="CSV or TSV with a header: user, item, rating, timestamp")
    parser.add_argument("site", type=Path, help="folder for the static site")
    parser.add_argument("--items", help="titles and genres of the items, for foldin pack")
    parser.add_argument("--foldin", default="foldin", help="the command")
    parser.add_argument("--package", help="folder of the npm package, for foldin bundle")
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--rank", type=int, default=64)
    parser.add_argument("--alpha", type=float, default=10.0)
    parser.add_argument("--reg", type=float, default=0.05)
    parser.add_argument("--iterations", type=int, default=10)
    parser.add_argument("--precision", default="f32")
    return parser.parse_args()


def read(spark, path):
    separator = "\t" if "\t" in spark.read.text(path).first()[0] else ","
    frame = spark.read.csv(path, sep=separator, header=True).toDF("user", "item", "rating", "time")
    return frame.select(f.col("user").cast("int"), f.col("item").cast("int"), f.lit(1.0).alias("rating"),
                        f.col("time").cast("double"))


def last_out(frame):
    """The last interaction of each user is what must be found."""
    latest_first = Window.partitionBy("user").orderBy(f.desc("time"), f.desc("item"))
    numbered = frame.withColumn("place", f.row_number().over(latest_first)).cache()
    return numbered.where("place > 1"), numbered.where("place = 1")


def ndcg(lists, hidden):
    """Of lists by user, with one hidden item each; users without a list count as missed."""
    gains = [1 / math.log2(lists[user].index(item) + 2) if item in lists.get(user, []) else 0 for user, item in hidden]
    return sum(gains) / len(gains)


def main():
    options = parsed()
    spark = SparkSession.builder.master(options.master).appName("foldin").config("spark.ui.enabled", "false").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    train, test = last_out(read(spark, options.interactions))
    als = ALS(userCol="user", itemCol="item", rank=options.rank, maxIter=options.iterations, implicitPrefs=True,
              alpha=options.alpha, regParam=options.reg, seed=1)
    model = als.fit(train)

    # Spark's own ranking, without what the user had already.
    seen = {row.user: set(row.items) for row in train.groupBy("user").agg(f.collect_set("item").alias("items")).collect()}
    longest = max(len(items) for items in seen.values())
    rows = model.recommendForAllUsers(TOP + longest).collect()
    ranked = {row.user: [r.item for r in row.recommendations if r.item not in seen[row.user]][:TOP] for row in rows}
    hidden = [(row.user, row.item) for row in test.collect()]

    shutil.rmtree(options.site, ignore_errors=True)
    options.site.mkdir(parents=True)
    saved, packed = options.site / "als-model", options.site / "als.safetensors"
    model.write().overwrite().save(str(saved))
    write_csv(options.site / "train.csv", sorted((user, item) for user, items in seen.items() for item in items))
    write_csv(options.site / "test.csv", sorted(hidden))
    # For the tests: who is ranked for, by Spark's own vectors.
    users = [{"user": row.id, "vector": list(row.features), "seen": sorted(seen[row.id])} for row in model.userFactors.collect()]
    (options.site / "users.json").write_text(json.dumps(users))
    spark.stop()

    # Spark weighs an observed pair alpha times; foldin once, and the others 1/alpha times.
    pack = [options.foldin, "pack", saved, "-o", packed, "--precision", options.precision,
            "--unobserved-weight", str(1 / options.alpha), "--regularization", str(options.reg / options.alpha),
            "--interactions", options.site / "train.csv"]
    subprocess.run(pack + (["--items", options.items] if options.items else []), check=True)
    bundle = [options.foldin, "bundle", packed, "-o", options.site]
    subprocess.run(bundle + (["--package", options.package] if options.package else []), check=True)
    for name in "index.html", "shelf.js":
        shutil.copy(Path(__file__).with_name(name), options.site)
    print(json.dumps({"users": len(hidden), "ndcg@10": ndcg(ranked, hidden)}))


def write_csv(path, rows):
    path.write_text("user,item\n" + "".join(f"{user},{item}\n" for user, item in rows))


if __name__ == "__main__":
    main()
