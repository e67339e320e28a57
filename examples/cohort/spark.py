"""`myoguide cohort` under Spark: the same program as a filter, on every core of a cluster.

    spark-submit spark.py lines   registry.ndjson answers --program /opt/myoguide --guideline acr_eular_response
    spark-submit spark.py columns registry.parquet answers.parquet --program /opt/myoguide \\
        --guideline acr_eular_response --select response,total_improvement_score --mapping registry.yaml

`lines` takes whole records, a JSON object a line, through `RDD.pipe`. `columns` takes a flat table through `mapInArrow`; a
mapping says what its columns mean. The program, and a mapping, must stand at the same path on every node, and are named by
the whole path: `RDD.pipe` gives a program no `PATH`. Each partition is answered by a process of its own, so `--jobs 1`: Spark
keeps the cores busy.
"""

import argparse
import json
import shlex
import subprocess
import threading

import pyarrow
import pyarrow.csv
from pyspark.sql import SparkSession
from pyspark.sql.types import StringType, StructField, StructType


def pipe_lines(records, command):
    """A line of answers for each line of `records`, an RDD of texts; in their order inside a partition.

    The exit code of the program is 2 where a record cannot be read. That record has its line, so the code must not end the
    job: `checkCode` stays off, and what would be lost is found by counting. A line without anything on it is no record.
    """
    records = records.filter(str.strip)
    answers = records.pipe(shlex.join(command), checkCode=False).cache()
    given, returned = records.count(), answers.count()
    if given != returned:
        raise RuntimeError(f"{given} records and {returned} lines of answers: the logs of the executors say why")
    return answers


def answer_columns(table, command):
    """The answers for each row of `table`, a flat DataFrame, as columns of text; in their order inside a partition.

    `command` says `--format csv` and names one guideline, so that there is a row for each row. A partition without rows gives
    none.
    """
    heading = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True).stdout
    names = pyarrow.csv.read_csv(pyarrow.BufferReader(heading)).column_names
    schema = StructType([StructField(name, StringType()) for name in names])
    texts = pyarrow.csv.ConvertOptions(column_types={name: pyarrow.string() for name in names})
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True)

    def answers(batches):
        given = []
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

        def write():
            # Reading and writing at once: the program answers when it has enough, and never holds all.
            try:
                for batch in batches:
                    given.append(batch.num_rows)
                    for row in batch.to_pylist():
                        process.stdin.write(json.dumps(row, default=str).encode() + b"\n")
            finally:
                process.stdin.close()

        writer = threading.Thread(target=write)
        writer.start()
        returned = 0
        for batch in pyarrow.csv.open_csv(process.stdout, parse_options=parse, convert_options=texts):
            returned += batch.num_rows
            yield batch
        writer.join()
        code = process.wait()
        if returned != sum(given):
            raise RuntimeError(f"{sum(given)} rows and {returned} of answers; the program ended with {code}")

    return table.mapInArrow(answers, schema)


def command_of(asked):
    """The program as a filter."""
    command = [asked.program, "cohort", "--quiet", "--jobs", "1"]
    for guideline in asked.guideline:
        command += ["--guideline", guideline]
    for name in ("select", "mapping", "rules"):
        if getattr(asked, name):
            command += [f"--{name}", getattr(asked, name)]
    return command


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("way", choices=["lines", "columns"])
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--program", default="/usr/local/bin/myoguide")
    parser.add_argument("--guideline", action="append", default=[])
    parser.add_argument("--select")
    parser.add_argument("--mapping")
    parser.add_argument("--rules")
    asked = parser.parse_args()
    spark = SparkSession.builder.appName("myoguide").getOrCreate()
    if asked.way == "lines":
        pipe_lines(spark.sparkContext.textFile(asked.input), command_of(asked)).saveAsTextFile(asked.output)
    else:
        table = spark.read.parquet(asked.input)
        answer_columns(table, command_of(asked) + ["--format", "csv"]).write.parquet(asked.output)
    spark.stop()


if __name__ == "__main__":
    main()
