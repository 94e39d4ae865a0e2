"use strict";(self.rspackChunk_medlabs_lab=self.rspackChunk_medlabs_lab||[]).push([[232],{475(e,a,r){var t=r(601),n=r.n(t),o=r(314),l=(r.n(o))()(n());l.push([e.id,`/* Colours are JupyterLab's own, so that light, dark and high contrast follow by themselves. */
.medlabs-Panel {
  --medlabs-right: #0b5d2a;
  --medlabs-wrong: #7c3a00;
  background: var(--jp-layout-color1);
  color: var(--jp-ui-font-color0);
  font-size: var(--jp-ui-font-size1);
  line-height: 1.45;
  min-width: 260px;
  overflow-y: auto;
  overflow-wrap: anywhere;
  padding: 8px 12px;
}

[data-jp-theme-light='false'] .medlabs-Panel {
  --medlabs-right: #86e0a3;
  --medlabs-wrong: #ffc078;
}

.medlabs-Panel h2 {
  font-size: 1.25em;
  margin: 4px 0 8px;
}

.medlabs-Panel h3 {
  font-size: 1em;
  margin: 12px 0 4px;
}

.medlabs-Panel p {
  margin: 4px 0;
}

.medlabs-Panel .medlabs-quiet,
.medlabs-Panel .medlabs-facts {
  color: var(--jp-ui-font-color1);
  font-size: 0.92em;
}

.medlabs-Panel .medlabs-facts {
  display: block;
}

.medlabs-Panel .medlabs-score {
  font-size: 1.7em;
  font-weight: 700;
}

.medlabs-Panel .medlabs-trouble {
  border-left: 4px solid var(--medlabs-wrong);
  background: var(--jp-layout-color2);
  padding: 6px 8px;
}

.medlabs-Panel details {
  border-bottom: 1px solid var(--jp-border-color2);
  padding: 6px 0;
}

.medlabs-Panel summary {
  cursor: pointer;
}

.medlabs-Panel ul,
.medlabs-Panel ol {
  list-style: none;
  margin: 4px 0;
  padding: 0;
}

.medlabs-Panel li {
  padding: 4px 0 4px 22px;
  position: relative;
}

.medlabs-Panel .medlabs-mark {
  left: 2px;
  position: absolute;
}

.medlabs-Panel .medlabs-done {
  color: var(--medlabs-right);
}

.medlabs-Panel .medlabs-exercises > li {
  background: var(--jp-layout-color2);
  border-left: 4px solid var(--medlabs-wrong);
  margin: 8px 0;
  padding: 6px 8px;
}

.medlabs-Panel .medlabs-exercises > li.medlabs-right {
  border-color: var(--medlabs-right);
}

.medlabs-Panel .medlabs-exercises h3 {
  margin: 0 0 2px;
}

.medlabs-Panel .medlabs-right .medlabs-state {
  color: var(--medlabs-right);
  font-weight: 700;
}

.medlabs-Panel .medlabs-wrong .medlabs-state {
  color: var(--medlabs-wrong);
  font-weight: 700;
}

.medlabs-Panel .medlabs-past li {
  padding-left: 4px;
}

.medlabs-link {
  background: none;
  border: 0;
  color: var(--jp-content-link-color);
  cursor: pointer;
  font: inherit;
  padding: 0;
  text-align: left;
  text-decoration: underline;
}

.medlabs-link[aria-pressed='true'] {
  font-weight: 700;
}

.medlabs-Button {
  background: var(--jp-layout-color0);
  border: 1px solid var(--jp-border-color0);
  border-radius: 3px;
  color: var(--jp-ui-font-color0);
  cursor: pointer;
  font: inherit;
  font-size: var(--jp-ui-font-size1);
  padding: 2px 10px;
}

.medlabs-Button:disabled,
.medlabs-Button[aria-disabled='true'] {
  cursor: default;
  opacity: 0.75;
}

.medlabs-Button:focus-visible,
.medlabs-link:focus-visible,
.medlabs-Panel summary:focus-visible {
  outline: 2px solid var(--jp-brand-color1);
  outline-offset: 2px;
}

.medlabs-Toolbar {
  align-items: center;
  display: flex;
  gap: 6px;
}

.medlabs-Toolbar progress {
  width: 90px;
}

.medlabs-Panel progress {
  width: 100%;
}
`,""]),r.d(a,{},{A:l})},314(e){e.exports=function(e){var a=[];return a.toString=function(){return this.map(function(a){var r="",t=void 0!==a[5];return a[4]&&(r+="@supports (".concat(a[4],") {")),a[2]&&(r+="@media ".concat(a[2]," {")),t&&(r+="@layer".concat(a[5].length>0?" ".concat(a[5]):""," {")),r+=e(a),t&&(r+="}"),a[2]&&(r+="}"),a[4]&&(r+="}"),r}).join("")},a.i=function(e,r,t,n,o){"string"==typeof e&&(e=[[null,e,void 0]]);var l={};if(t)for(var s=0;s<this.length;s++){var i=this[s][0];null!=i&&(l[i]=!0)}for(var d=0;d<e.length;d++){var c=[].concat(e[d]);t&&l[c[0]]||(void 0!==o&&(void 0===c[5]||(c[1]="@layer".concat(c[5].length>0?" ".concat(c[5]):""," {").concat(c[1],"}")),c[5]=o),r&&(c[2]&&(c[1]="@media ".concat(c[2]," {").concat(c[1],"}")),c[2]=r),n&&(c[4]?(c[1]="@supports (".concat(c[4],") {").concat(c[1],"}"),c[4]=n):c[4]="".concat(n)),a.push(c))}},a}},601(e){e.exports=function(e){return e[1]}},72(e){var a=[];function r(e){for(var r=-1,t=0;t<a.length;t++)if(a[t].identifier===e){r=t;break}return r}function t(e,t){for(var n={},o=[],l=0;l<e.length;l++){var s=e[l],i=t.base?s[0]+t.base:s[0],d=n[i]||0,c="".concat(i," ").concat(d);n[i]=d+1;var p=r(c),u={css:s[1],media:s[2],sourceMap:s[3],supports:s[4],layer:s[5]};if(-1!==p)a[p].references++,a[p].updater(u);else{var m=function(e,a){var r=a.domAPI(a);return r.update(e),function(a){a?(a.css!==e.css||a.media!==e.media||a.sourceMap!==e.sourceMap||a.supports!==e.supports||a.layer!==e.layer)&&r.update(e=a):r.remove()}}(u,t);t.byIndex=l,a.splice(l,0,{identifier:c,updater:m,references:1})}o.push(c)}return o}e.exports=function(e,n){var o=t(e=e||[],n=n||{});return function(e){e=e||[];for(var l=0;l<o.length;l++){var s=r(o[l]);a[s].references--}for(var i=t(e,n),d=0;d<o.length;d++){var c=r(o[d]);0===a[c].references&&(a[c].updater(),a.splice(c,1))}o=i}}},659(e){var a={};e.exports=function(e,r){var t=function(e){if(void 0===a[e]){var r=document.querySelector(e);if(window.HTMLIFrameElement&&r instanceof window.HTMLIFrameElement)try{r=r.contentDocument.head}catch(e){r=null}a[e]=r}return a[e]}(e);if(!t)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");t.appendChild(r)}},540(e){e.exports=function(e){var a=document.createElement("style");return e.setAttributes(a,e.attributes),e.insert(a,e.options),a}},56(e,a,r){e.exports=function(e){var a=r.nc;a&&e.setAttribute("nonce",a)}},825(e){e.exports=function(e){if("u"<typeof document)return{update:function(){},remove:function(){}};var a=e.insertStyleElement(e);return{update:function(r){var t,n,o;t="",r.supports&&(t+="@supports (".concat(r.supports,") {")),r.media&&(t+="@media ".concat(r.media," {")),(n=void 0!==r.layer)&&(t+="@layer".concat(r.layer.length>0?" ".concat(r.layer):""," {")),t+=r.css,n&&(t+="}"),r.media&&(t+="}"),r.supports&&(t+="}"),(o=r.sourceMap)&&"u">typeof btoa&&(t+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(o))))," */")),e.styleTagTransform(t,a,e.options)},remove:function(){var e;null===(e=a).parentNode||e.parentNode.removeChild(e)}}}},113(e){e.exports=function(e,a){if(a.styleSheet)a.styleSheet.cssText=e;else{for(;a.firstChild;)a.removeChild(a.firstChild);a.appendChild(document.createTextNode(e))}}},579(e,a,r){var t=r(72),n=r.n(t),o=r(825),l=r.n(o),s=r(659),i=r.n(s),d=r(56),c=r.n(d),p=r(540),u=r.n(p),m=r(113),b=r.n(m),f=r(475),v={};v.styleTagTransform=b(),v.setAttributes=c(),v.insert=i().bind(null,"head"),v.domAPI=l(),v.insertStyleElement=u(),n()(f.A,v),f.A&&f.A.locals&&f.A.locals}}]);