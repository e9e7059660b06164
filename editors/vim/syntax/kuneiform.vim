if exists('b:current_syntax')
  finish
endif
syntax case ignore
syntax sync fromstart
syntax keyword kfDeclaration database use table action procedure function extern config foreign index unique
syntax keyword kfDeclaration primary key primary_key pk foreign_key fk references ref on_delete on_update cascade restrict
syntax keyword kfDeclaration set_null set_default no_action not_null notnull default min max minlen maxlen min_length max_length
syntax keyword kfModifier public private view owner oracle returns
syntax keyword kfControl if elseif else for in return next break continue
syntax keyword kfSql select from where join left right inner full outer cross on using group by having order asc desc limit offset
syntax keyword kfSql insert into values update set delete with recursive as union all except intersect distinct case when then end
syntax keyword kfSql and or not is null like ilike between exists over partition rows range unbounded preceding following current
syntax keyword kfSql row filter conflict do nothing excluded collate nulls first last within ordinality lateral cast
if expand('%:e') ==? 'kft'
  syntax keyword kfDeclaration tests setup test expect fails matches snapshot unordered
endif
syntax keyword kfBoolean true false
syntax keyword kfType int int8 integer bigint text bool boolean blob bytea uuid uint256
syntax match kfType /\<decimal\>\|\<numeric\>/
syntax match kfVariable /\$\w\+/
syntax match kfContext /@\w\+/
syntax match kfIndex /#\w\+/
syntax match kfNumber /\<\d\+\(\.\d\+\)\?\>\|\<0x\x*\>/
syntax match kfOperator /:=\|::\|||\|<=\|>=\|!=\|<>\|[-+*\/%=<>]/
syntax region kfString start=/'/ skip=/''/ end=/'/
syntax region kfQuoted start=/"/ skip=/""/ end=/"/
syntax match kfComment ,//.*$,
syntax match kfComment /--.*$/
syntax region kfComment start=,/\*, end=,\*/,
highlight default link kfDeclaration Keyword
highlight default link kfModifier StorageClass
highlight default link kfControl Conditional
highlight default link kfSql Statement
highlight default link kfBoolean Boolean
highlight default link kfType Type
highlight default link kfVariable Identifier
highlight default link kfContext Special
highlight default link kfIndex Label
highlight default link kfNumber Number
highlight default link kfOperator Operator
highlight default link kfString String
highlight default link kfQuoted Identifier
highlight default link kfComment Comment
let b:current_syntax = 'kuneiform'
