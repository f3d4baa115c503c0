# PySpark with the Postgres JDBC driver in place. The same versions and checksums as the launcher's own installation
# (server/src/warehouse/spark); a test compares the two.

FROM debian:bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates openjdk-17-jre-headless procps python3 python3-venv \
  && rm -rf /var/lib/apt/lists/*

COPY docker/spark/requirements.txt /opt/spark/
RUN python3 -m venv /opt/spark/environment \
  && /opt/spark/environment/bin/pip install --no-cache-dir --require-hashes -r /opt/spark/requirements.txt

ENV SPARK_HOME=/opt/spark/environment/lib/python3.11/site-packages/pyspark \
  SPARK_CONF_DIR=/opt/spark/conf \
  PYSPARK_PYTHON=/opt/spark/environment/bin/python \
  PATH=/opt/spark/environment/bin:$PATH \
  PYTHONDONTWRITEBYTECODE=1

# Ivy comes with Spark and knows where org.postgresql:postgresql is published.
COPY docker/spark/driver.sha256 /opt/spark/
RUN cd "$SPARK_HOME/jars" \
  && java -jar ivy-*.jar -cache /tmp/ivy -notransitive -types jar \
    -dependency org.postgresql postgresql 42.7.14 -retrieve '[artifact]-[revision].[ext]' \
  && sha256sum --check /opt/spark/driver.sha256 \
  && rm -rf /tmp/ivy

COPY docker/spark/conf /opt/spark/conf

# Jobs by their bare name; the project is mounted read-only, so what a job writes locally goes to /tmp.
WORKDIR /project/pyspark
CMD ["sleep", "infinity"]
