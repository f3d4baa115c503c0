{# A warning when `updated_at` and the snapshot's own clock are of different types: comparisons between them may shift. #}

{% macro check_time_data_types(sql) %}
    {% set updated_at_type = get_updated_at_column_data_type(sql) %}
    {% set clock_type = get_snapshot_get_time_data_type() %}
    {% if clock_type is not none and updated_at_type is not none and clock_type != updated_at_type %}
        {% if exceptions.warn_snapshot_timestamp_data_types %}
            {{ exceptions.warn_snapshot_timestamp_data_types(clock_type, updated_at_type) }}
        {% endif %}
    {% endif %}
{% endmacro %}

{# The type of the column dbt_updated_at in a snapshot's query, or none. #}
{% macro get_updated_at_column_data_type(snapshot_sql) %}
    {% set types = [] %}
    {% for column in get_column_schema_from_query(snapshot_sql) if column.column | lower == 'dbt_updated_at' %}
        {% do types.append(column.dtype) %}
    {% endfor %}
    {{ return(types | last or none) }}
{% endmacro %}
