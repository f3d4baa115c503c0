"""Where a job's warehouse is, and how to read and write it. Everything comes from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from pyspark.sql import DataFrame, SparkSession

# The name under which Spark's SQL sees the warehouse: `create namespace warehouse.some_schema`.
CATALOG = "warehouse"


@dataclass(frozen=True)
class Warehouse:
    host: str
    port: int
    database: str
    user: str
    # Kept out of what `print` shows.
    password: str = field(repr=False)
    # The schema of the marts.
    schema: str
    sslmode: str | None = None

    @classmethod
    def from_environment(cls) -> Warehouse:
        """GRAINLINE_HOST, _PORT, _DATABASE, _USER, _PASSWORD, _SCHEMA and _SSLMODE; else the compose service's values."""
        get = os.environ.get
        return cls(
            host=get("GRAINLINE_HOST", "warehouse"),
            port=int(get("GRAINLINE_PORT", "5432")),
            database=get("GRAINLINE_DATABASE", "warehouse"),
            user=get("GRAINLINE_USER", "postgres"),
            password=get("GRAINLINE_PASSWORD", "postgres"),
            schema=get("GRAINLINE_SCHEMA", "analytics"),
            sslmode=get("GRAINLINE_SSLMODE"),
        )

    @property
    def url(self) -> str:
        mode = f"?sslmode={self.sslmode}" if self.sslmode else ""
        return f"jdbc:postgresql://{self.host}:{self.port}/{self.database}{mode}"

    def configure(self, builder: SparkSession.Builder) -> SparkSession.Builder:
        """Adds the warehouse as a catalog, which is what can create schemas."""
        prefix = f"spark.sql.catalog.{CATALOG}"
        builder.config(prefix, "org.apache.spark.sql.execution.datasources.v2.jdbc.JDBCTableCatalog")
        for name, value in {"url": self.url, **self._properties()}.items():
            builder.config(f"{prefix}.{name}", value)
        return builder

    def read(self, spark: SparkSession, table: str, schema: str | None = None) -> DataFrame:
        """One table, by default from the marts' schema."""
        return spark.read.jdbc(self.url, f'"{schema or self.schema}"."{table}"', properties=self._properties())

    def create_schema(self, spark: SparkSession, schema: str) -> None:
        spark.sql(f"create namespace if not exists {CATALOG}.`{schema}`")

    def write(self, rows: DataFrame, schema: str, table: str) -> None:
        """Replaces the table."""
        rows.write.jdbc(self.url, f'"{schema}"."{table}"', mode="overwrite", properties=self._properties())

    def _properties(self) -> dict[str, str]:
        return {"user": self.user, "password": self.password, "driver": "org.postgresql.Driver"}
