/** The style of the API documentation: wide screens have contents, text and examples side by side, narrow ones one below the other. */
import { baseStyle } from './html.ts';

export const docsStyle = `${baseStyle}
:root{--code:#f0f2f6;--get:#0b63c5;--post:#18794e;--put:#8a5a00;--delete:#b42318}
@media (prefers-color-scheme:dark){:root{--code:#0c1117;--get:#62a6f0;--post:#4cc38a;--put:#e0b04d;--delete:#ff7b6e}}
html{scroll-padding-top:1rem}
a{color:var(--main);text-decoration:none}
a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--main);outline-offset:2px;border-radius:3px}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Noto Sans Mono CJK SC",monospace;font-size:.86em}
code{overflow-wrap:anywhere}
p code,li code,td code,dd code{background:var(--code);padding:.1em .25em;border-radius:4px}
h1{font-size:1.9rem;line-height:1.2;margin:.2rem 0 .8rem}
h2{font-size:1.35rem;margin:0 0 1rem;padding-top:.4rem}
h3{font-size:1.08rem;margin:0 0 .35rem;overflow-wrap:anywhere}
h3 a,h2 a{color:inherit}
h4{font-size:.9rem;margin:1.1rem 0 .2rem}
.dim,.media,.type,.limit,.place{color:var(--dim);font-size:.86rem}
.media{font-weight:400}
.lead{max-width:46rem}
.lead p{margin:.5rem 0}
.switch{float:right;margin:.2rem 0 0 1rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.2rem;margin:1.2rem 0 .6rem}
dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
body.index{padding:2.5rem 1rem;max-width:50rem;margin:0 auto}
.card,article{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.2rem 1.4rem;margin:0 0 1.1rem}
.card h2{margin:0 0 .4rem;padding:0}
.card p{margin:.3rem 0}
.card h2 a{color:var(--main)}
body.api{display:grid;grid-template-columns:17rem minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;overflow-y:auto;border-right:1px solid var(--line);padding:1.6rem 1rem 2rem 1.4rem;font-size:.87rem;line-height:1.4}
nav ul{list-style:none;margin:0;padding:0}
nav .contents>ul>li{margin:0 0 .75rem}
nav .contents>ul>li>a{font-weight:600;color:var(--ink)}
nav li li{padding:.16rem 0 .16rem .7rem;border-left:1px solid var(--line)}
nav li li a{color:var(--dim);display:block}
nav li li a:hover{color:var(--main)}
nav .title{font-weight:700;margin:0 0 1rem;font-size:1rem}
nav .title a{color:var(--ink)}
nav input{position:absolute;opacity:0;pointer-events:none}
nav label,.up{display:none}
main{padding:1.8rem 2.2rem 4rem;max-width:82rem;min-width:0}
section{margin:0 0 2.4rem}
main>header{margin:0 0 2.2rem}
.call{margin:0 0 .2rem;display:flex;flex-wrap:wrap;gap:.2rem .6rem;align-items:center}
.call code{background:none;padding:0;font-size:.95rem}
.method{font:700 .74rem/1.5 ui-monospace,monospace;padding:.1rem .5rem;border-radius:5px;border:1px solid currentColor;letter-spacing:.03em}
.get{color:var(--get)}.post{color:var(--post)}.put,.patch{color:var(--put)}.delete{color:var(--delete)}
.public{font-size:.78rem;color:var(--note);border:1px dashed currentColor;border-radius:5px;padding:0 .4rem}
.columns{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 2rem;align-items:start}
ul.fields{list-style:none;margin:0;padding:0}
ul.fields>li{padding:.5rem 0;border-top:1px solid var(--line)}
ul.fields>li:first-child{border-top:0}
ul.fields p{margin:.1rem 0 0;font-size:.92rem}
ul.fields ul.fields{margin:.35rem 0 0 .2rem;padding-left:.9rem;border-left:2px solid var(--line)}
.field{display:flex;flex-wrap:wrap;gap:0 .55rem;align-items:baseline}
.field .name{font-weight:600;background:none;padding:0}
.place{border:1px solid var(--line);border-radius:4px;padding:0 .3rem;font-size:.76rem}
.required{color:var(--bad);font-size:.78rem}
p.variant{color:var(--dim);font-size:.86rem!important;margin:.6rem 0 .1rem!important}
details{margin:.9rem 0 0}
summary{cursor:pointer;font-size:.9rem}
summary b,.reply b{font-weight:700}
.reply{font-size:.9rem;margin:.9rem 0 0}
aside p{margin:0 0 .3rem}
pre{background:var(--code);border:1px solid var(--line);border-radius:8px;margin:0 0 .6rem;padding:.75rem .9rem;overflow:auto;max-height:26rem;line-height:1.5;font-size:.78rem}
pre.received{border-left:3px solid var(--ok)}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:12px}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .9rem;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--dim);font-weight:600;font-size:.82rem}
td:first-child{width:4rem}
.refusal{display:flex;gap:.6rem;align-items:baseline;margin:0 0 .8rem}
.refusal p{margin:0}
td ul{margin:0;padding-left:1.1rem}
@media (max-width:75rem){.columns{grid-template-columns:minmax(0,1fr)}aside{margin-top:1rem}}
@media (max-width:52rem){
body.api{display:block}
nav{position:static;height:auto;background:var(--card);border-right:0;border-bottom:1px solid var(--line);padding:.3rem 1rem}
nav label{display:block;padding:.45rem 0;font-weight:600;cursor:pointer}
nav label::after{content:" ▾";color:var(--dim)}
nav input:focus-visible+label{outline:2px solid var(--main)}
nav .contents{display:none;padding:.4rem 0 1rem}
nav input:checked~.contents{display:block}
nav li li a{padding:.25rem 0}
.up{display:block;position:fixed;right:1rem;bottom:1rem;padding:.4rem .8rem;border-radius:2rem;background:var(--card);border:1px solid var(--line);box-shadow:0 1px 4px rgba(16,24,40,.2);font-size:.87rem}
main{padding:1.2rem 1rem 3rem}
article,.card{padding:1rem}
h1{font-size:1.55rem}
}
@media print{nav,.switch,.up{display:none}body.api{display:block}details>*{display:block}article{break-inside:avoid}}
`;
