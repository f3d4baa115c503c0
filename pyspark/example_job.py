"""Reads weekly_sales over JDBC, prints the weeks and writes each event's share and change beside the marts.

    bin/spark-submit example_job.py [--weeks N]

The result is the table spark.weekly_sales_trend: one row per week and event. It is replaced as a whole, so running
the job again gives the same table.
"""

import argparse

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as f

from warehouse import Warehouse

RESULT_SCHEMA = "spark"
RESULT_TABLE = "weekly_sales_trend"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weeks", type=int, default=8, help="how many of the last weeks to print (default 8)")
    weeks = parser.parse_args().weeks

    warehouse = Warehouse.from_environment()
    spark = warehouse.configure(SparkSession.builder.appName("weekly_sales_trend")).getOrCreate()
    sales = money(warehouse.read(spark, "weekly_sales")).cache()

    print_weeks(sales, weeks)

    trend = weekly_trend(sales)
    warehouse.create_schema(spark, RESULT_SCHEMA)
    warehouse.write(trend, RESULT_SCHEMA, RESULT_TABLE)
    written = warehouse.read(spark, RESULT_TABLE, schema=RESULT_SCHEMA).count()
    print(f"Wrote {written} rows to {RESULT_SCHEMA}.{RESULT_TABLE}.")
    spark.stop()


def money(sales: DataFrame) -> DataFrame:
    """Amounts with cents: Postgres's numeric has no scale of its own, and Spark reads it with eighteen digits."""
    amounts = {name: f.col(name).cast("decimal(18, 2)") for name in ("gross_sales", "refunds", "net_sales")}
    return sales.withColumns(amounts)


def print_weeks(sales: DataFrame, weeks: int) -> None:
    """The last weeks' totals, oldest first, as plain columns."""
    totals = (
        sales.where("is_total")
        .orderBy(f.desc("week_start"))
        .limit(weeks)
        .select("week_start", "orders", "gross_sales", "refunds", "net_sales")
        .collect()
    )
    print(f"{'week':<10} {'orders':>8} {'gross':>14} {'refunds':>14} {'net':>14}")
    for row in reversed(totals):
        print(
            f"{row.week_start!s:<10.10} {row.orders:>8} {row.gross_sales:>14.2f} {row.refunds:>14.2f} {row.net_sales:>14.2f}"
        )


def weekly_trend(sales: DataFrame) -> DataFrame:
    """Each event's week with its part of the week's net sales, and the change against the event's week before."""
    before = Window.partitionBy("event_id").orderBy("week_start")
    week = Window.partitionBy("week_start")
    return sales.where("not is_total").select(
        "week_start",
        "event_id",
        "event_name",
        "orders",
        "net_sales",
        # A week without net sales has no parts: null, not a division by zero.
        f.expr("round(net_sales / nullif(sum(net_sales) over (partition by week_start), 0), 4)").alias("share_of_week"),
        f.rank().over(week.orderBy(f.desc("net_sales"))).alias("rank_in_week"),
        (f.col("net_sales") - f.lag("net_sales").over(before)).alias("change"),
    )


if __name__ == "__main__":
    main()
