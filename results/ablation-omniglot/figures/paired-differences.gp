# Draws paired-differences.csv; run `gnuplot paired-differences.gp` in this folder.
set encoding utf8
set datafile separator ','
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key at screen 0.015, screen 0.7977 left top vertical maxrows 1 Left reverse noenhanced samplen 2.2 width -0.5 textcolor rgb '#222222'
set tmargin at screen 0.685
set rmargin at screen 0.952
set label 'Paired differences after 1 step: Meta-SGD minus …' at screen 0.02, screen 0.9306 left noenhanced font ',22'
set label 'omniglot; 5 repetitions of 400 test runs' at screen 0.02, screen 0.8526 left noenhanced font ',16' textcolor rgb '#555555'
set xrange [-0.059660960008802506:0.0028409980956572625]
set xtics ('−0.05' -0.05, '−0.04' -0.04, '−0.03' -0.03, '−0.02' -0.02, '−0.01' -0.01, '0.00' 0.0)
set xlabel 'difference of test losses; left of 0, Meta-SGD is lower' noenhanced
set yrange [3.6:-0.6]
set ytics ('MAML at a fixed rate' 1, 'MAML with a learned rate' 2) noenhanced scale 0
set grid noytics
set lmargin at screen 0.3056
set arrow from 0, graph 0 to 0, graph 1 nohead back linewidth 1.5 linecolor rgb '#444444'
left = -0.059660960008802506
right = 0.0028409980956572625
inside(value) = (value < left ? left : value > right ? right : value)
set style fill solid 1 noborder

set terminal svg size 900,346 enhanced font 'sans-serif,18' background rgb '#ffffff'
set output 'paired-differences.svg'
plot 'paired-differences.csv' skip 1 using (inside($3)):1:(inside($4)-inside($3)):(0) with vectors nohead linewidth 3 linecolor rgb '#0072b2' title '95 % interval', \
     '' skip 1 using ($4 > right ? right-(right-left)*0.03 : NaN):1:((right-left)*0.03):(0) with vectors head filled size screen 0.012,22 linewidth 3 linecolor rgb '#0072b2' notitle, \
     '' skip 1 using ($3 < left ? left+(right-left)*0.03 : NaN):1:(-(right-left)*0.03):(0) with vectors head filled size screen 0.012,22 linewidth 3 linecolor rgb '#0072b2' notitle, \
     '' skip 1 using ($2 < left || $2 > right ? NaN : $2):1 with points pointtype 7 pointsize 0.9 linecolor rgb '#0072b2' title 'estimate'

set terminal pngcairo size 900,346 enhanced font 'sans-serif,18' background rgb '#ffffff' fontscale 0.75 pointscale 1.5
set output 'paired-differences.png'
replot
set output
