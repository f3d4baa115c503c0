{# The materialization `function`: a function in the database, created or replaced. #}

{%- materialization function, default, supported_languages=['sql', 'python'] -%}
    {% set existing_relation = load_cached_relation(this) %}
    {% set target_relation = this.incorporate(type=this.Function) %}

    {{ run_hooks(pre_hooks) }}

    {# The macro's name depends on the node (scalar_function_sql, …). Dispatching under another name keeps the parser, which
       wants literal names, from looking into it. #}
    {% set macro_name = this.get_function_macro_name(this.get_function_config(model)) %}
    {% set dispatch_by_name = adapter.dispatch %}
    {{ function_execute_build_sql(dispatch_by_name(macro_name, 'dbt')(target_relation), existing_relation, target_relation) }}

    {{ run_hooks(post_hooks) }}

    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization -%}
