# Draws rates-by-tensor.csv; run `gnuplot rates-by-tensor.gp` in this folder.
set encoding utf8
set datafile separator ','
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key at screen 0.015, screen 0.8841 left top vertical maxrows 1 Left reverse noenhanced samplen 2.2 width -0.3 textcolor rgb '#222222'
set tmargin at screen 0.8195
set rmargin at screen 0.952
set label 'Rates, best by validation (outer step 180) and last (outer step 200)' at screen 0.02, screen 0.9603 left noenhanced font ',22'
set label 'digits-learned-rates, seed 0; 8970 parameters' at screen 0.02, screen 0.9156 left noenhanced font ',16' textcolor rgb '#555555'
set xrange [0.00822843718749593:2.940370403790524]
set logscale x
set xtics ('0.01' 0.01, '0.1' 0.1, '1' 1.0)
set xlabel 'learned rate' noenhanced
set yrange [12.6:0.4]
set ytics ('000_dense/weight, best' 1, '000_dense/weight, last' 2, '000_dense/bias, best' 3, '000_dense/bias, last' 4, '001_dense/weight, best' 5, '001_dense/weight, last' 6, '001_dense/bias, best' 7, '001_dense/bias, last' 8, '002_dense/weight, best' 9, '002_dense/weight, last' 10, '002_dense/bias, best' 11, '002_dense/bias, last' 12) noenhanced scale 0
set grid noytics
set lmargin at screen 0.2833
left = 0.008228437195724367
right = 2.940370400850153
inside(rate) = (rate < left ? left : rate > right ? right : rate)
set style fill solid 1 noborder

set terminal svg size 900,604 enhanced font 'sans-serif,18' background rgb '#ffffff'
set output 'rates-by-tensor.svg'
plot 'rates-by-tensor.csv' skip 1 using (inside($2)):1:(inside($2)):(inside($6)):($1-0.16):($1+0.16) with boxxyerror linecolor rgb '#a6cbe3' title '5–95 %', \
     '' skip 1 using (inside($3)):1:(inside($3)):(inside($5)):($1-0.27):($1+0.27) with boxxyerror linecolor rgb '#0072b2' title '25–75 %', \
     '' skip 1 using (inside($4)):($1-0.27):(0):(0.54) with vectors nohead linewidth 3 linecolor rgb '#000000' title 'median', \
     '' skip 1 using (inside($7)):($1-0.5):(0):(1.0) with vectors nohead linewidth 2 dashtype (8,5) linecolor rgb '#d55e00' title 'initial rate'

set terminal pngcairo size 900,604 enhanced font 'sans-serif,18' background rgb '#ffffff' fontscale 0.75 pointscale 1.5
set output 'rates-by-tensor.png'
replot
set output
