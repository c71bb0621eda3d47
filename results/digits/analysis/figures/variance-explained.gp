# Draws variance-explained.csv; run `gnuplot variance-explained.gp` in this folder.
set encoding utf8
set datafile separator ','
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key at screen 0.015, screen 0.8504 left top vertical maxrows 1 Left reverse noenhanced samplen 2.2 width 0.3 textcolor rgb '#222222'
set tmargin at screen 0.7671
set rmargin at screen 0.952
set label 'What tells 8970 learned rates apart' at screen 0.02, screen 0.9487 left noenhanced font ',22'
set label 'digits-learned-rates, seed 0; outer step 180' at screen 0.02, screen 0.891 left noenhanced font ',16' textcolor rgb '#555555'
set xrange [0.0:1.0]
set xtics ('0.0' 0.0, '0.2' 0.2, '0.4' 0.4, '0.6' 0.6, '0.8' 0.8, '1.0' 1.0)
set xlabel 'share of the variance of log rates' noenhanced
set yrange [8.6:0.4]
set ytics ('layerFactor by layer' 1, 'layerFactor by tensor' 2, 'layer' 3, 'tensor' 4, 'inputUnit' 5, 'outputUnit' 6, 'orbit' 7, 'only single parameters' 8) noenhanced scale 0
set grid noytics
set lmargin at screen 0.2833
set style fill solid 1 noborder

set terminal svg size 900,468 enhanced font 'sans-serif,18' background rgb '#ffffff'
set output 'variance-explained.svg'
plot 'variance-explained.csv' skip 1 using (0):1:(0):2:($1-0.27):($1+0.27) with boxxyerror linecolor rgb '#56b4e9' title 'explained', \
     '' skip 1 using 5:1 with points pointtype 6 pointsize 1.1 linewidth 2 linecolor rgb '#d55e00' title 'by chance'

set terminal pngcairo size 900,468 enhanced font 'sans-serif,18' background rgb '#ffffff' fontscale 0.75 pointscale 1.5
set output 'variance-explained.png'
replot
set output
