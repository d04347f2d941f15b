/*
 * The SQL that Shardstream reads: its own statements, and all of SQLite's SELECT.
 *
 * Keywords are matched in upper case: the parser is fed characters whose ASCII letters are raised
 * (CaseFoldingChars). Precedence of operators is SQLite's: https://sqlite.org/lang_expr.html
 */
grammar ShardstreamSql;

oneStatement
    : statement EOF
    ;

/** The text between the ends of a comment that holds table options. */
commentOptions
    : tableOption (',' tableOption)* EOF
    ;

statement
    : createTable
    | dropTable
    | showTables
    | showReshards
    | describeTable
    | insert
    | update
    | delete
    | select
    | pragma
    ;

// ---- Definitions

createTable
    : CREATE TABLE (IF NOT EXISTS)? tableName
      ( '(' tableElement (',' tableElement)* ')' (tableSuffix (',' ? tableSuffix)*)?
      | AS select
      )
    ;

tableElement
    : columnDefinition
    | tableConstraint
    ;

columnDefinition
    : name columnType columnConstraint*
    ;

columnType
    : IDENTIFIER+ ('(' signedNumber (',' signedNumber)? ')')?
    ;

columnConstraint
    : (CONSTRAINT name)? columnRule
    ;

columnRule
    : NOT NULL conflictClause?                                      #notNullRule
    | NULL                                                          #nullRule
    | PRIMARY KEY (ASC | DESC)? conflictClause? AUTOINCREMENT?      #primaryKeyRule
    | UNIQUE conflictClause?                                        #uniqueRule
    | DEFAULT defaultValue                                          #defaultRule
    | CHECK '(' expr ')'                                            #checkRule
    | references                                                    #referencesRule
    | COLLATE name                                                  #collateRule
    | (GENERATED ALWAYS)? AS '(' expr ')' (VIRTUAL | IDENTIFIER)?   #generatedRule
    ;

defaultValue
    : ('-' | '+')? literal
    | '(' expr ')'
    | functionCall
    ;

tableConstraint
    : (CONSTRAINT name)? tableRule
    ;

tableRule
    : PRIMARY KEY '(' keyColumn (',' keyColumn)* ')' conflictClause?    #primaryKeyConstraint
    | UNIQUE '(' keyColumn (',' keyColumn)* ')' conflictClause?         #uniqueConstraint
    | CHECK '(' expr ')'                                                #checkConstraint
    | FOREIGN KEY names references                                      #foreignKeyConstraint
    ;

keyColumn
    : name (COLLATE name)? (ASC | DESC)?
    ;

references
    : REFERENCES tableName names? referenceAction*
    ;

referenceAction
    : ON (DELETE | UPDATE) (SET (NULL | DEFAULT) | NO IDENTIFIER | IDENTIFIER)
    ;

conflictClause
    : ON CONFLICT (IDENTIFIER | REPLACE)
    ;

tableSuffix
    : WITH '(' tableOption (',' tableOption)* ')'   #optionsSuffix
    | WITHOUT name                                  #withoutSuffix
    | STRICT                                        #strictSuffix
    ;

tableOption
    : name name? '=' optionValue
    ;

optionValue
    : signedNumber
    | STRING
    | name
    | names
    ;

dropTable
    : DROP TABLE (IF EXISTS)? tableName
    ;

// ---- Our own

showTables
    : SHOW TABLES
    ;

showReshards
    : SHOW RESHARDS
    ;

describeTable
    : (DESCRIBE | DESC) TABLE? tableName
    ;

pragma
    : PRAGMA (name '.')? name ('=' pragmaValue | '(' (pragmaValue (',' pragmaValue)*)? ')')?
    ;

pragmaValue
    : signedNumber
    | STRING
    | tableName
    | ON
    | PARAMETER
    ;

// ---- Changes

insert
    : (INSERT (OR (REPLACE | IDENTIFIER))? | REPLACE | UPSERT) INTO tableName (AS name)? names?
      ( VALUES row (',' row)*
      | DEFAULT VALUES
      | insertQuery
      )
      unsupportedTail?
    ;

insertQuery
    : (SELECT | WITH) .*?
    ;

update
    : UPDATE (OR (REPLACE | IDENTIFIER))? tableName tableAlias?
      SET assignment (',' assignment)* (WHERE expr)? unsupportedTail?
    ;

assignment
    : name '=' expr
    | names '=' expr
    ;

delete
    : DELETE FROM tableName tableAlias? (WHERE expr)? unsupportedTail?
    ;

/** What SQLite allows after a change and we do not: it is named in the error. */
unsupportedTail
    : (ON | RETURNING | FROM | ORDER | LIMIT) .*?
    ;

// ---- SELECT

select
    : withClause? selectCore (compoundOperator selectCore)* orderBy? limitClause?
    ;

withClause
    : WITH RECURSIVE? commonTable (',' commonTable)*
    ;

commonTable
    : name names? AS (NOT? MATERIALIZED)? '(' select ')'
    ;

compoundOperator
    : UNION ALL?
    | INTERSECT
    | EXCEPT
    ;

selectCore
    : SELECT (DISTINCT | ALL)? resultColumn (',' resultColumn)*
      fromClause? whereClause? groupBy? having? windowClause?   #selectRows
    | VALUES row (',' row)*                                     #valuesRows
    ;

resultColumn
    : '*'                                       #starColumn
    | name '.' '*'                              #tableStarColumn
    | expr (AS name | AS STRING | bareAlias)?   #exprColumn
    ;

fromClause
    : FROM joinedTables
    ;

joinedTables
    : tableItem (joinOperator tableItem joinConstraint?)*
    ;

joinOperator
    : ','
    | (NATURAL | LEFT | RIGHT | FULL | OUTER | INNER | CROSS)* JOIN
    ;

joinConstraint
    : ON expr
    | USING names
    ;

tableItem
    : tableName tableAlias? indexHint?              #tableMention
    | tableName '(' exprList? ')' tableAlias?       #tableFunction
    | '(' select ')' tableAlias?                    #derivedTable
    | '(' joinedTables ')' tableAlias?              #nestedTables
    ;

indexHint
    : INDEXED BY name
    | NOT INDEXED
    ;

tableAlias
    : AS name
    | AS STRING
    | bareAlias
    ;

whereClause
    : WHERE expr
    ;

groupBy
    : GROUP BY exprList
    ;

having
    : HAVING expr
    ;

orderBy
    : ORDER BY orderTerm (',' orderTerm)*
    ;

orderTerm
    : expr (ASC | DESC)? (NULLS (FIRST | LAST))?
    ;

limitClause
    : LIMIT expr ((OFFSET | ',') expr)?
    ;

windowClause
    : WINDOW name AS windowSpec (',' name AS windowSpec)*
    ;

windowSpec
    : '(' name? (PARTITION BY exprList)? orderBy? frame? ')'
    ;

frame
    : (RANGE | ROWS | GROUPS) (frameBound | BETWEEN frameBound AND frameBound)
      (EXCLUDE (NO OTHERS | CURRENT ROW | GROUP | TIES))?
    ;

frameBound
    : UNBOUNDED (PRECEDING | FOLLOWING)
    | CURRENT ROW
    | expr (PRECEDING | FOLLOWING)
    ;

// ---- Expressions

exprList
    : expr (',' expr)*
    ;

row
    : '(' exprList ')'
    ;

expr
    : expr AND expr     #andExpr
    | expr OR expr      #orExpr
    | comparison        #comparisonExpr
    ;

/** SQLite's operators of one precedence, from the left. */
comparison
    : operand comparisonTail*
    ;

comparisonTail
    : ('=' | '==' | '!=' | '<>') operand                        #equalTail
    | IS NOT? (DISTINCT FROM)? operand                          #isTail
    | NOT? IN inSource continuation?                            #inTail
    | NOT? BETWEEN operand AND operand                          #betweenTail
    | NOT? (LIKE | GLOB | REGEXP | MATCH) operand
      (ESCAPE operand)?                                         #likeTail
    | (ISNULL | NOTNULL | NOT NULL) continuation?               #nullTail
    ;

/** After an operator that ends what it is applied to, tighter ones take all before as operand. */
continuation
    : COLLATE (name | STRING) continuation?
    | ( '||' | '->' | '->>' | '*' | '/' | '%' | '+' | '-' | '<<' | '>>' | '&' | '|'
      | '<' | '<=' | '>' | '>=' ) operand
    ;

inSource
    : '(' exprList? ')'                 #inList
    | '(' select ')'                    #inSelect
    | tableName                         #inTable
    | tableName '(' exprList? ')'       #inFunction
    ;

operand
    : primary                                       #primaryOperand
    | ('-' | '+' | '~') operand                     #unaryOperand
    | operand COLLATE (name | STRING)               #collateOperand
    | operand ('||' | '->' | '->>') operand         #binaryOperand
    | operand ('*' | '/' | '%') operand             #binaryOperand
    | operand ('+' | '-') operand                   #binaryOperand
    | operand ('<<' | '>>' | '&' | '|') operand     #binaryOperand
    | operand ('<' | '<=' | '>' | '>=') operand     #binaryOperand
    | NOT comparison                                #notOperand
    ;

primary
    : literal                                                       #literalPrimary
    | PARAMETER                                                     #parameterPrimary
    | functionCall                                                  #functionPrimary
    | columnRef                                                     #columnPrimary
    | CASE operandOfCase=expr? whenClause+ (ELSE otherwise=expr)? END
                                                                    #casePrimary
    | CAST '(' expr AS castType ')'                                 #castPrimary
    | '(' expr ')'                                                  #groupedPrimary
    | '(' expr (',' expr)+ ')'                                      #rowPrimary
    | EXISTS? '(' select ')'                                        #subqueryPrimary
    ;

whenClause
    : WHEN expr THEN expr
    ;

columnRef
    : (name '.')? (name '.')? name
    ;

castType
    : name+ ('(' signedNumber (',' signedNumber)? ')')?
    ;

functionCall
    : functionName '(' ('*' | DISTINCT? exprList orderBy?)? ')'
      (WITHIN GROUP '(' ORDER BY expr ')')? filterClause? overClause?
    ;

functionName
    : IDENTIFIER
    | QUOTED_IDENTIFIER
    | softKeyword
    | joinKeyword
    ;

filterClause
    : FILTER '(' WHERE expr ')'
    ;

overClause
    : OVER (name | windowSpec)
    ;

literal
    : INTEGER_NUMBER
    | REAL_NUMBER
    | HEX_NUMBER
    | STRING
    | BLOB
    | NULL
    | TRUE
    | FALSE
    | CURRENT_DATE
    | CURRENT_TIME
    | CURRENT_TIMESTAMP
    ;

signedNumber
    : ('-' | '+')? (INTEGER_NUMBER | REAL_NUMBER | HEX_NUMBER)
    ;

// ---- Names

tableName
    : (tableWord '.')? tableWord
    ;

tableWord
    : name
    | STRING
    ;

names
    : '(' name (',' name)* ')'
    ;

name
    : IDENTIFIER
    | QUOTED_IDENTIFIER
    | softKeyword
    | joinKeyword
    | CAST
    ;

/** A name without AS; a word that may begin what follows is none. */
bareAlias
    : IDENTIFIER
    | QUOTED_IDENTIFIER
    | STRING
    | softKeyword
    | CAST
    ;

joinKeyword
    : CROSS | FULL | INDEXED | INNER | LEFT | NATURAL | OUTER | RIGHT
    ;

/** Keywords that are names wherever a name can stand, as in SQLite. */
softKeyword
    : ALWAYS | ASC | BY | CONFLICT | CURRENT | DESC | DESCRIBE | END | EXCLUDE | FILTER
    | FIRST | FOLLOWING | GENERATED | GLOB | GROUPS | IF | KEY | LAST | LIKE | MATCH | MATERIALIZED
    | NO | NULLS | OFFSET | OTHERS | OVER | PARTITION | PRAGMA | PRECEDING | RANGE | RECURSIVE
    | REGEXP | REPLACE | RESHARDS | ROW | ROWS | SHOW | STRICT | TABLES | TIES | UNBOUNDED | UPSERT
    | VIRTUAL | WINDOW | WITH | WITHIN | WITHOUT
    ;

// ---- Tokens

ALL: 'ALL';
ALWAYS: 'ALWAYS';
AND: 'AND';
AS: 'AS';
ASC: 'ASC';
AUTOINCREMENT: 'AUTOINCREMENT';
BETWEEN: 'BETWEEN';
BY: 'BY';
CASE: 'CASE';
CAST: 'CAST';
CHECK: 'CHECK';
COLLATE: 'COLLATE';
CONFLICT: 'CONFLICT';
CONSTRAINT: 'CONSTRAINT';
CREATE: 'CREATE';
CROSS: 'CROSS';
CURRENT: 'CURRENT';
CURRENT_DATE: 'CURRENT_DATE';
CURRENT_TIME: 'CURRENT_TIME';
CURRENT_TIMESTAMP: 'CURRENT_TIMESTAMP';
DEFAULT: 'DEFAULT';
DELETE: 'DELETE';
DESC: 'DESC';
DESCRIBE: 'DESCRIBE';
DISTINCT: 'DISTINCT';
DROP: 'DROP';
ELSE: 'ELSE';
END: 'END';
ESCAPE: 'ESCAPE';
EXCEPT: 'EXCEPT';
EXCLUDE: 'EXCLUDE';
EXISTS: 'EXISTS';
FALSE: 'FALSE';
FILTER: 'FILTER';
FIRST: 'FIRST';
FOLLOWING: 'FOLLOWING';
FOREIGN: 'FOREIGN';
FROM: 'FROM';
FULL: 'FULL';
GENERATED: 'GENERATED';
GLOB: 'GLOB';
GROUP: 'GROUP';
GROUPS: 'GROUPS';
HAVING: 'HAVING';
IF: 'IF';
IN: 'IN';
INDEXED: 'INDEXED';
INNER: 'INNER';
INSERT: 'INSERT';
INTERSECT: 'INTERSECT';
INTO: 'INTO';
IS: 'IS';
ISNULL: 'ISNULL';
JOIN: 'JOIN';
KEY: 'KEY';
LAST: 'LAST';
LEFT: 'LEFT';
LIKE: 'LIKE';
LIMIT: 'LIMIT';
MATCH: 'MATCH';
MATERIALIZED: 'MATERIALIZED';
NATURAL: 'NATURAL';
NO: 'NO';
NOT: 'NOT';
NOTNULL: 'NOTNULL';
NULL: 'NULL';
NULLS: 'NULLS';
OFFSET: 'OFFSET';
ON: 'ON';
OR: 'OR';
ORDER: 'ORDER';
OTHERS: 'OTHERS';
OUTER: 'OUTER';
OVER: 'OVER';
PARTITION: 'PARTITION';
PRAGMA: 'PRAGMA';
PRECEDING: 'PRECEDING';
PRIMARY: 'PRIMARY';
RANGE: 'RANGE';
RECURSIVE: 'RECURSIVE';
REFERENCES: 'REFERENCES';
REGEXP: 'REGEXP';
REPLACE: 'REPLACE';
RESHARDS: 'RESHARDS';
RETURNING: 'RETURNING';
RIGHT: 'RIGHT';
ROW: 'ROW';
ROWS: 'ROWS';
SELECT: 'SELECT';
SET: 'SET';
SHOW: 'SHOW';
STRICT: 'STRICT';
TABLE: 'TABLE';
TABLES: 'TABLES';
THEN: 'THEN';
TIES: 'TIES';
TRUE: 'TRUE';
UNBOUNDED: 'UNBOUNDED';
UNION: 'UNION';
UNIQUE: 'UNIQUE';
UPDATE: 'UPDATE';
UPSERT: 'UPSERT';
USING: 'USING';
VALUES: 'VALUES';
VIRTUAL: 'VIRTUAL';
WHEN: 'WHEN';
WHERE: 'WHERE';
WINDOW: 'WINDOW';
WITH: 'WITH';
WITHIN: 'WITHIN';
WITHOUT: 'WITHOUT';

/** SQLite's other reserved words: no statement of ours has them, and no bare name can be one. */
RESERVED_WORD
    : 'ADD' | 'ALTER' | 'COMMIT' | 'DEFERRABLE' | 'INDEX' | 'NOTHING' | 'TO' | 'TRANSACTION'
    ;

IDENTIFIER
    : NAME_START NAME_PART*
    ;

QUOTED_IDENTIFIER
    : '"' (~'"' | '""')* '"'
    | '`' (~'`' | '``')* '`'
    | '[' ~']'* ']'
    ;

STRING
    : '\'' (~'\'' | '\'\'')* '\''
    ;

BLOB
    : 'X\'' ~'\''* '\''
    ;

INTEGER_NUMBER
    : DIGITS
    ;

HEX_NUMBER
    : '0X' [0-9A-F]+ ('_' [0-9A-F]+)*
    ;

REAL_NUMBER
    : DIGITS '.' DIGITS? EXPONENT?
    | '.' DIGITS EXPONENT?
    | DIGITS EXPONENT
    ;

MALFORMED_NUMBER
    : (INTEGER_NUMBER | HEX_NUMBER | REAL_NUMBER) NAME_PART+
    ;

PARAMETER
    : '?' [0-9]*
    | [:@$] NAME_PART+
    ;

SEMICOLON: ';';

LINE_COMMENT
    : '--' ~[\n]* -> channel(HIDDEN)
    ;

BLOCK_COMMENT
    : '/*' .*? '*/' -> channel(HIDDEN)
    ;

SPACES
    : [ \t\n\f\r\uFEFF]+ -> skip
    ;

UNTERMINATED_STRING
    : 'X'? '\'' (~'\'' | '\'\'')*
    ;

UNTERMINATED_IDENTIFIER
    : '"' (~'"' | '""')*
    | '`' (~'`' | '``')*
    | '[' ~']'*
    ;

UNTERMINATED_COMMENT
    : '/*' (~'*' | '*'+ ~[*/])* '*'*
    ;

UNEXPECTED_CHARACTER: . ;

fragment DIGITS: [0-9]+ ('_' [0-9]+)*;
fragment EXPONENT: 'E' [+-]? DIGITS;
fragment NAME_START: [A-Z_\u0080-\uFFFE];
fragment NAME_PART: [A-Z0-9_$\u0080-\uFFFE];
