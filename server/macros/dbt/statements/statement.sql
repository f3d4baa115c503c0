{# How macros talk to the database: statement blocks, and the results they leave behind under a name. #}

{# Executes the block. The statement called "main" is the node's own: it is written to the target folder, and its
   response becomes the node's. Nothing happens while parsing. Call it directly: it is not dispatched. #}
{%- macro statement(name=None, fetch_result=False, auto_begin=True, language='sql') -%}
  {%- if execute: -%}
    {%- set compiled_code = caller() -%}
    {%- if language != 'sql' -%}
      {%- do exceptions.raise_compiler_error(
          "statement macro didn't get supported language: '" ~ language ~ "'. Models in Python cannot run on "
          ~ adapter.type() ~ "; write the model in SQL."
      ) -%}
    {%- endif -%}
    {%- if name == 'main' -%}
      {%- do log('Writing runtime {} for node "{}"'.format(language, model['unique_id'])) -%}
      {%- do write(compiled_code) -%}
    {%- endif -%}
    {%- set response, table = adapter.execute(compiled_code, auto_begin=auto_begin, fetch=fetch_result) -%}
    {%- if name is not none -%}
      {%- do store_result(name, response=response, agate_table=table) -%}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}


{# Leaves the same traces as a statement, for work that went to the database another way (loading a seed). #}
{% macro noop_statement(name=None, message=None, code=None, rows_affected=None, res=None) -%}
  {%- set sql = caller() -%}
  {%- if name == 'main' -%}
    {%- do log('Writing runtime SQL for node "{}"'.format(model['unique_id'])) -%}
    {%- do write(sql) -%}
  {%- endif -%}
  {%- if name is not none -%}
    {%- do store_raw_result(name, message=message, code=code, rows_affected=rows_affected, agate_table=res) -%}
  {%- endif -%}
{%- endmacro %}


{# The rows of a query as a table. While parsing there is no result to load, and this raises unless guarded by `execute`. #}
{% macro run_query(sql) %}
  {% call statement("run_query_statement", fetch_result=true, auto_begin=false) %}
    {{ sql }}
  {% endcall %}
  {{ return(load_result("run_query_statement").table) }}
{% endmacro %}
