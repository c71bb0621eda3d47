# Draws rates-over-time.csv; run `gnuplot rates-over-time.gp` in this folder.
set encoding utf8
set datafile separator ','
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key at screen 0.015, screen 0.8805 left top vertical maxrows 2 Left reverse noenhanced samplen 2.2 width -1.1 textcolor rgb '#222222'
set tmargin at screen 0.7679
set rmargin at screen 0.952
set label 'Rates over a run: medians of tensors' at screen 0.02, screen 0.959 left noenhanced font ',22'
set label 'digits-learned-rates, seed 0; best by validation, outer step 180' at screen 0.02, screen 0.913 left noenhanced font ',16' textcolor rgb '#555555'
set xrange [0.0:99.0]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0, '80' 80.0)
set xlabel 'inner step' noenhanced
set yrange [0.011791692447473644:1.2431369168513011]
set logscale y
set ytics ('0.02' 0.02, '0.05' 0.05, '0.1' 0.1, '0.2' 0.2, '0.5' 0.5, '1' 1.0)
set ylabel 'rate' noenhanced
of(number, value) = (column(1) == number ? value : NaN)
bottom = 0.011791692459265337
top = 1.2431369156081642
inside(value) = (value < bottom ? bottom : value > top ? top : value)
set style fill solid 0.18 noborder

set terminal svg size 900,586 enhanced font 'sans-serif,18' background rgb '#ffffff'
set output 'rates-over-time.svg'
plot 'rates-over-time.csv' skip 1 using (of(6, $2)):3 with lines linewidth 2.4 linecolor rgb '#56b4e9' notitle, \
     '' skip 1 using (of(5, $2)):3 with lines linewidth 2.4 linecolor rgb '#e69f00' notitle, \
     '' skip 1 using (of(4, $2)):3 with lines linewidth 2.4 linecolor rgb '#cc79a7' notitle, \
     '' skip 1 using (of(3, $2)):3 with lines linewidth 2.4 linecolor rgb '#009e73' notitle, \
     '' skip 1 using (of(2, $2)):3 with lines linewidth 2.4 linecolor rgb '#d55e00' notitle, \
     '' skip 1 using (of(1, $2)):3 with lines linewidth 2.4 linecolor rgb '#0072b2' notitle, \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#0072b2' title '000_dense/weight', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#d55e00' title '000_dense/bias', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#009e73' title '001_dense/weight', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#cc79a7' title '001_dense/bias', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#e69f00' title '002_dense/weight', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#56b4e9' title '002_dense/bias'

set terminal pngcairo size 900,586 enhanced font 'sans-serif,18' background rgb '#ffffff' fontscale 0.75 pointscale 1.5
set output 'rates-over-time.png'
replot
set output
