{# Which strategies Postgres uses where the general ones leave a choice. #}

{% macro postgres__get_incremental_default_sql(arg_dict) %}
    {% if arg_dict["unique_key"] %}
        {{ return(get_incremental_delete_insert_sql(arg_dict)) }}
    {% else %}
        {{ return(get_incremental_append_sql(arg_dict)) }}
    {% endif %}
{% endmacro %}

{# A batch that runs again must replace what it wrote before, and without a key there is no telling which rows those are. #}
{% macro postgres__get_incremental_microbatch_sql(arg_dict) %}
    {% if not arg_dict["unique_key"] %}
        {{ exceptions.raise_compiler_error("dbt-postgres 'microbatch' requires a `unique_key` config") }}
    {% endif %}
    {{ return(adapter.dispatch('get_incremental_merge_sql', 'dbt')(arg_dict)) }}
{% endmacro %}
