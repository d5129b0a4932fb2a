export const STYLE = `body{font:15px/1.55 system-ui,sans-serif;color:#1c2430;max-width:76rem;margin:2.5rem auto;padding:0 1.5rem}
.kind{color:#56606e;text-transform:uppercase;letter-spacing:.08em;font-size:.78rem;margin:0}h1{font-size:1.9rem;margin:.1rem 0 .4rem}.lead{font-size:1.05rem}
h2{font-size:1.25rem;margin-top:2.6rem;border-bottom:1px solid #d5dae1;padding-bottom:.3rem}h3{font-size:1rem;margin:1.6rem 0 .5rem}
.question{font-size:1.08rem;font-style:italic;margin:.4rem 0 1rem}.note,.foot{color:#56606e}.foot{margin-top:3rem;border-top:1px solid #d5dae1;padding-top:.8rem;font-size:.88rem}
table{border-collapse:collapse;width:100%;font-size:.88rem}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #e5e8ec}
th{color:#56606e;font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums}.terms th{width:8.5rem}.rows td:nth-child(1){width:27%}.rows td:nth-child(3){width:22%}
.rows td:nth-child(4){width:13%}.ids{font-variant-numeric:tabular-nums;color:#33405a}.rows .note{font-size:.78rem;word-break:break-all}code{font-size:.85em;word-break:break-word}
a{color:#1f4e9c;text-decoration:none}a:hover{text-decoration:underline}.bad{color:#a3261b}
.badge{display:inline-block;border-radius:999px;padding:.05rem .6rem;font-size:.78rem;font-weight:600;border:1px solid}
.tiles{display:flex;flex-wrap:wrap;gap:.8rem;margin:1rem 0}.tiles div{border:1px solid;border-radius:8px;padding:.5rem 1rem;min-width:7.5rem;font-size:.85rem}.tiles b{display:block;font-size:1.5rem;line-height:1.2}
.uncontrolled{color:#a3261b;background:#fdf1ef;border-color:#eac3bd}.unknown{color:#5b4a00;background:#fdf8e3;border-color:#e6d89a}
.exception{color:#274b8f;background:#eff4fd;border-color:#bfd0ee}.controlled{color:#1d6337;background:#eff8f1;border-color:#b8dcc3}
td a.uncontrolled,td a.unknown,td a.exception,td a.controlled{background:none;font-weight:600}
tr,.tiles{break-inside:avoid}@media(max-width:48rem){body{margin:1rem auto;padding:0 .8rem}table{display:block;overflow-x:auto}.terms th{width:auto}}@media print{body{margin:0;max-width:none;font-size:12px}section{break-before:page}a{color:inherit}}`
