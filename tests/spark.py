"""What tests/spark.rs runs: `examples/cohort/spark.py` in a cluster of two executors on this machine, against `cohort` itself.

    python3 tests/spark.py PROGRAM FOLDER        FOLDER holds flat.ndjson and records.ndjson of the measuring load
"""

import csv
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXAMPLE = os.path.join(ROOT, "examples", "cohort", "spark.py")
sys.path.insert(0, os.path.dirname(EXAMPLE))
# The executors run the same Python.
os.environ["PYSPARK_PYTHON"] = sys.executable

import spark as example  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

SELECTED = "pts_pg,pts_mmt,tis,cat,doi,act,rung,next"


def expect(name, found, expected):
    if found == expected:
        print(f"{name}: as expected, {len(expected)} lines")
        return
    at = next((at for at, pair in enumerate(zip(found, expected)) if pair[0] != pair[1]), min(len(found), len(expected)))
    sys.exit(
        f"{name}: {len(found)} lines for {len(expected)}; line {at + 1} is\n  {found[at:at + 1]}\nand not\n  {expected[at:at + 1]}"
    )


def in_any_partition(line):
    """A line of answers without the line of the input, which Spark counts by partitions."""
    answer = json.loads(line)
    if "error" in answer:
        del answer["record"]["line"], answer["error"]["line"]
    return answer


def main():
    program, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    rules = os.path.join(ROOT, "benches", "workload", "rules")
    mapping = os.path.join(ROOT, "benches", "workload", "mapping.yaml")
    whole = [program, "cohort", "--quiet", "--rules", rules, "--guideline", "workload"]

    def alone(command, lines):
        """What the program says of all lines at once."""
        ran = subprocess.run(command, input="".join(line + "\n" for line in lines).encode(), stdout=subprocess.PIPE)
        return ran.returncode, ran.stdout.decode().splitlines()

    session = SparkSession.builder.master("local-cluster[2,1,1024]").appName("tests").config("spark.ui.enabled", "false")
    session = session.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    context = session.sparkContext
    context.setLogLevel("ERROR")
    context.addPyFile(EXAMPLE)

    with open(os.path.join(folder, "records.ndjson"), encoding="utf-8") as file:
        records = file.read().splitlines()
    # Records that cannot be read: cut off, and a word for a number.
    records[len(records) // 3] = '{"id": "cut off", "facts": {'
    records[len(records) // 2] = '{"id": "a word", "as_of": "2026-07-01", "facts": {"age": "old"}}'

    # Whole objects through RDD.pipe.
    code, expected = alone(whole + ["--jobs", "2"], records)
    if code != 2:
        sys.exit(f"the program ended with {code}, not with 2, which must not end the job")
    piped = example.pipe_lines(context.parallelize(records, 7), whole + ["--jobs", "1"]).collect()
    expect("lines", [in_any_partition(line) for line in piped], [in_any_partition(line) for line in expected])
    sound = [line for line in piped if '"error"' not in line]
    expect("lines to the byte", sound, [line for line in expected if '"error"' not in line])

    # More partitions than records: from those that are empty comes nothing. An empty line is no record.
    few = records[:3] + [""]
    partitions = example.pipe_lines(context.parallelize(few, 9), whole + ["--jobs", "1"]).glom().collect()
    expect("few lines", [line for lines in partitions for line in lines], expected[:3])
    expect("empty partitions", [lines for lines in partitions if lines], [[line] for line in expected[:3]])

    # A command that cannot be run gives no lines: that is found out.
    try:
        example.pipe_lines(context.parallelize(few, 2), whole + ["--guideline", "nothing"])
    except RuntimeError as error:
        expect("what is lost", [str(error).split(":")[0]], ["3 records and 0 lines of answers"])
    else:
        sys.exit("nobody noticed that nothing was answered")

    # Columns through mapInArrow, from Parquet.
    flat = os.path.join(folder, "flat.ndjson")
    with open(flat, encoding="utf-8") as file:
        rows = file.read().splitlines()
    mapped = whole + ["--mapping", mapping, "--select", SELECTED]
    parquet = os.path.join(folder, "flat.parquet")
    session.read.json(flat).coalesce(1).write.parquet(parquet)
    table = session.read.parquet(parquet)
    _, heading_and_rows = alone(mapped + ["--format", "csv"], rows)
    answers = example.answer_columns(table, mapped + ["--format", "csv", "--jobs", "1"])
    expect("names of columns", answers.columns, heading_and_rows[0].split(","))
    apart = [at for at, name in enumerate(answers.columns) if name != "line"]
    cells = [[row[at] for at in apart] for row in csv.reader(heading_and_rows[1:])]
    expect("columns", [[row[at] for at in apart] for row in answers.collect()], cells)
    spread = example.answer_columns(table.repartition(5), mapped + ["--format", "csv", "--jobs", "1"])
    expect("columns of five partitions", sorted([row[at] for at in apart] for row in spread.collect()), sorted(cells))
    none = example.answer_columns(table.limit(0), mapped + ["--format", "csv", "--jobs", "1"])
    expect("no rows", none.collect(), [])
    # A code that nobody explained ends the load, and so the job.
    guarded = os.path.join(folder, "guarded.yaml")
    with open(mapping, encoding="utf-8") as file, open(guarded, "w", encoding="utf-8") as out:
        out.write(file.read().replace(", values: as they are", ""))
    coded = session.createDataFrame([{"id": "1", "age": 44}, {"id": "2", "age": 999}])
    command = [guarded if word == mapping else word for word in mapped] + ["--format", "csv", "--jobs", "1"]
    try:
        example.answer_columns(coded, command).collect()
    except Exception as error:  # Spark has classes of its own for what happens in an executor.
        expect("a code", ["rows and" in str(error)], [True])
    else:
        sys.exit("a code that nobody explained passed for an age")
    session.stop()


if __name__ == "__main__":
    main()
