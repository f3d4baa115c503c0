{# Whether this run adds to a table that is there: the question that incremental models ask in their own SQL. #}

{% macro is_incremental() %}
    {% if not execute %}
        {# Parsing must not ask the database. #}
        {{ return(False) }}
    {% endif %}
    {% set existing = adapter.get_relation(this.database, this.schema, this.table) %}
    {{ return(
        existing is not none
        and existing.type == 'table'
        and model.config.materialized == 'incremental'
        and not should_full_refresh()
    ) }}
{% endmacro %}
